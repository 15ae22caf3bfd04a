/** Dollars per million tokens; what a prompt cache reads and writes costs as input unless given. */
export interface TokenPrice {
  readonly inputPerMillion: number;
  readonly outputPerMillion: number;
  readonly cachedInputPerMillion?: number | undefined;
  readonly cacheWritePerMillion?: number | undefined;
  /** Prices of all tokens of calls whose prompts have more than `tokens`. */
  readonly above?: { readonly tokens: number; readonly inputPerMillion: number; readonly outputPerMillion: number } | undefined;
}

/** Tokens of some calls: all of their prompts, of these those that a prompt cache read and wrote, and of their answers. */
interface Tokens {
  readonly input: number;
  readonly cached: number;
  readonly written: number;
  readonly output: number;
}

/** Tokens of calls with usual prompts, and with prompts beyond the price's `above.tokens`. */
export interface TokensByTier {
  readonly base: Tokens;
  readonly above: Tokens;
}

/** What a provider bills for so many tokens, in dollars. */
export function tokenMoney({ base, above }: TokensByTier, price: TokenPrice): number {
  return usd(base, price) + usd(above, priceAbove(price));
}

function usd({ input, cached, written, output }: Tokens, price: TokenPrice): number {
  const { inputPerMillion, outputPerMillion, cachedInputPerMillion = inputPerMillion, cacheWritePerMillion = inputPerMillion } = price;
  const prompts = (input - cached - written) * inputPerMillion + cached * cachedInputPerMillion + written * cacheWritePerMillion;
  return (prompts + output * outputPerMillion) / 1e6;
}

/** The prompt cache's prices keep their ratio to the price of input; where that is nothing, they stay. */
function priceAbove(price: TokenPrice): TokenPrice {
  if (price.above === undefined) return price;
  const { inputPerMillion, cachedInputPerMillion, cacheWritePerMillion } = price;
  const rise = inputPerMillion === 0 ? 1 : price.above.inputPerMillion / inputPerMillion;
  const risen = (usdPerMillion: number | undefined): number | undefined => usdPerMillion && usdPerMillion * rise;
  return { ...price.above, cachedInputPerMillion: risen(cachedInputPerMillion), cacheWritePerMillion: risen(cacheWritePerMillion) };
}
