/** Dollars per million tokens. */
export interface TokenPrice {
  readonly inputPerMillion: number;
  readonly outputPerMillion: number;
}

/** What a provider bills for so many tokens, in dollars. */
export function tokenMoney(inputTokens: number, outputTokens: number, price: TokenPrice): number {
  return (inputTokens * price.inputPerMillion + outputTokens * price.outputPerMillion) / 1e6;
}
