/** How much of something happens in each window of a run, such as calls. The first window starts at 0; the last may be cut short. */
export class CountOverTime {
  readonly counts: Float64Array;
  private readonly window: number;
  private readonly horizon: number;
  private readonly from: number;

  /** All in seconds; what falls before `from`, or on or after the horizon, is not counted. */
  constructor(window: number, horizon: number, from = 0) {
    this.window = window;
    this.horizon = horizon;
    this.from = from;
    this.counts = new Float64Array(Math.ceil(horizon / window));
  }

  add(now: number, amount = 1): void {
    if (now < this.from || now >= this.horizon) return;
    // A moment just before the horizon may be rounded up to the end of the last window.
    this.counts[Math.min(this.counts.length - 1, Math.floor(now / this.window))] += amount;
  }

  total(): number {
    return this.counts.reduce((sum, count) => sum + count, 0);
  }

  /** The most that one window holds. */
  largest(): number {
    return this.counts.reduce((most, count) => Math.max(most, count), 0);
  }
}
