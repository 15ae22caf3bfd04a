import type { Attempts } from "../traffic/attempts.ts";

/** Tokens of some calls: all of their prompts, of these those read from a prompt cache and those written to one, and of their answers. */
interface Tokens {
  input: number;
  cached: number;
  written: number;
  output: number;
}

/** Tokens by the prices that they are billed at: the usual ones, and those above a length of the prompt. */
interface TokensByTier {
  readonly base: Readonly<Tokens>;
  readonly above: Readonly<Tokens>;
}

class Tally implements TokensByTier {
  readonly base: Tokens = { input: 0, cached: 0, written: 0, output: 0 };
  readonly above: Tokens = { input: 0, cached: 0, written: 0, output: 0 };
}

/**
 * What a provider puts on the bill: calls that it takes and does not fail. What comes of a call counts when the call does: of
 * those charged in the warm-up nothing is taken back, and nothing was in vain, on the bill for the time after it.
 */
export class Bill {
  readonly billed: TokensByTier = new Tally();
  /** Of these, calls whose client had left before their end. */
  readonly wasted: TokensByTier = new Tally();
  /** Of these, prompts of requests that had been billed before, for an earlier attempt. */
  readonly repeated: TokensByTier = new Tally();
  private readonly attempts: Attempts;
  private readonly tier: number;
  private readonly isPast: (attempt: number) => boolean;

  /**
   * @param tier prompts of more tokens are billed apart; Infinity when none are
   * @param isPast whether a call was charged in the warm-up, which is over
   */
  constructor(attempts: Attempts, tier: number, isPast: (attempt: number) => boolean) {
    this.attempts = attempts;
    this.tier = tier;
    this.isPast = isPast;
  }

  charge(attempt: number, cached: number, written: number): void {
    this.attempts.billed[attempt] = 1;
    this.enter(attempt, cached, written, 1);
  }

  /** A call that was charged has come to nothing. */
  takeBack(attempt: number, cached: number, written: number): void {
    this.attempts.billed[attempt] = 0;
    this.enter(attempt, cached, written, -1);
  }

  /** A call that was charged has ended after its client had left. */
  waste(attempt: number, cached: number, written: number): void {
    if (this.isPast(attempt)) return;
    const { inputTokens, outputTokens } = this.attempts;
    add(this.row(this.wasted, attempt), inputTokens[attempt], cached, written, outputTokens[attempt]);
  }

  private enter(attempt: number, cached: number, written: number, sign: 1 | -1): void {
    if (this.isPast(attempt)) return;
    const { inputTokens, outputTokens, rebilled } = this.attempts;
    const input = inputTokens[attempt];
    add(this.row(this.billed, attempt), sign * input, sign * cached, sign * written, sign * outputTokens[attempt]);
    if (rebilled[attempt] === 1) add(this.row(this.repeated, attempt), sign * input, sign * cached, sign * written, 0);
  }

  private row({ base, above }: TokensByTier, attempt: number): Tokens {
    return this.attempts.inputTokens[attempt] > this.tier ? above : base;
  }
}

function add(row: Tokens, input: number, cached: number, written: number, output: number): void {
  row.input += input;
  row.cached += cached;
  row.written += written;
  row.output += output;
}
