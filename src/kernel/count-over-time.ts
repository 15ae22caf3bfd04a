/** How much of something happens in each window of a run, such as calls. The first window starts at 0; the last may be cut short. */
export class CountOverTime {
  readonly counts: Float64Array;
  private readonly window: number;
  private readonly horizon: number;
  private readonly from: number;
  /** The window counted in last, and its end, so that a division is needed only for the first in each. */
  private current = 0;
  private until = 0;

  /** All in seconds; what falls before `from`, or on or after the horizon, is not counted. */
  constructor(window: number, horizon: number, from = 0) {
    this.window = window;
    this.horizon = horizon;
    this.from = from;
    this.counts = new Float64Array(Math.ceil(horizon / window));
  }

  /** @param now not before the moment given last */
  add(now: number, amount = 1): void {
    if (now >= this.until) this.advance(now);
    if (now >= this.from && now < this.horizon) this.counts[this.current] += amount;
  }

  private advance(now: number): void {
    // A moment just before the horizon may be rounded up to the end of the last window.
    this.current = Math.min(this.counts.length - 1, Math.floor(now / this.window));
    this.until = (this.current + 1) * this.window;
  }

  total(): number {
    return this.counts.reduce((sum, count) => sum + count, 0);
  }

  /** The most that one window holds. */
  largest(): number {
    return this.counts.reduce((most, count) => Math.max(most, count), 0);
  }
}
