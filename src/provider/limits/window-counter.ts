/** Share of a window that is not worth waiting for, so that who comes back when told to is not refused for a rounding error. */
const rounding = 1e-9;

interface Most {
  readonly requests: number;
  readonly tokens: number;
}

/** Counts requests and tokens in windows that begin at multiples of their length; each begins from zero. */
export class WindowCounter {
  private readonly window: number;
  private readonly least: Most;
  private readonly growth: number;
  private current = 0;
  /** What the current window takes. */
  private most: Most;
  private requests = 0;
  private tokens = 0;

  /** @param window seconds; @param most in each; @param growth a window takes as often what the one before took, where that is more */
  constructor(window: number, most: Most, growth = 0) {
    this.window = window;
    this.least = { requests: most.requests * (1 + rounding), tokens: most.tokens * (1 + rounding) };
    this.growth = growth;
    this.most = this.least;
  }

  /** Seconds until the call fits: 0 now, otherwise until the window's end; Infinity when it is too large for the next one too. */
  wait(now: number, tokens: number): number {
    this.advance(now);
    const { most } = this;
    if (this.requests + 1 <= most.requests && this.tokens + tokens <= most.tokens) return 0;
    return tokens > this.next(this.least.tokens, this.tokens) ? Infinity : (this.current + 1) * this.window - now;
  }

  take(now: number, tokens: number): void {
    this.countRequest(now);
    this.tokens += tokens;
  }

  countRequest(now: number): void {
    this.advance(now);
    this.requests++;
  }

  private advance(now: number): void {
    const current = Math.floor(now / this.window + rounding);
    if (current === this.current) return;
    if (this.growth > 0) {
      const follows = current === this.current + 1;
      const { least, requests, tokens } = this;
      this.most = follows ? { requests: this.next(least.requests, requests), tokens: this.next(least.tokens, tokens) } : least;
    }
    this.current = current;
    this.requests = 0;
    this.tokens = 0;
  }

  /** What a window takes after one that took so much. */
  private next(least: number, taken: number): number {
    return Math.max(least, this.growth * taken * (1 + rounding));
  }
}
