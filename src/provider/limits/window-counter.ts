/** Share of a window that is not worth waiting for, so that who comes back when told to is not refused for a rounding error. */
const rounding = 1e-9;

interface Most {
  readonly requests: number;
  readonly tokens: number;
}

/** Counts requests and tokens in windows that begin at multiples of their length; each begins from zero. */
export class WindowCounter {
  private readonly window: number;
  private readonly most: Most;
  private readonly refusedCount: boolean;
  private current = 0;
  private requests = 0;
  private tokens = 0;

  /** @param window seconds; @param most in each; @param refusedCount whether a refused call counts as a request */
  constructor(window: number, most: Most, refusedCount: boolean) {
    this.window = window;
    this.most = { requests: Math.floor(most.requests * (1 + rounding)), tokens: most.tokens * (1 + rounding) };
    this.refusedCount = refusedCount;
  }

  /** Seconds until the call fits: 0 now, Infinity never, otherwise until the window's end. */
  admit(now: number, tokens: number): number {
    const { window, most } = this;
    const current = Math.floor(now / window + rounding);
    if (current !== this.current) {
      this.current = current;
      this.requests = 0;
      this.tokens = 0;
    }
    if (this.requests < most.requests && this.tokens + tokens <= most.tokens) {
      this.requests++;
      this.tokens += tokens;
      return 0;
    }
    if (this.refusedCount) this.requests++;
    return tokens > most.tokens ? Infinity : (current + 1) * window - now;
  }
}
