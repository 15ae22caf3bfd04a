/** How much of something happens in each window of a run, such as calls. The first window starts at 0; the last may be cut short. */
export class CountOverTime {
  readonly counts: Float64Array;
  private readonly window: number;
  private readonly horizon: number;

  /** Both in seconds; what falls on or after the horizon is not counted. */
  constructor(window: number, horizon: number) {
    this.window = window;
    this.horizon = horizon;
    this.counts = new Float64Array(Math.ceil(horizon / window));
  }

  add(now: number, amount = 1): void {
    if (now >= this.horizon) return;
    // A moment just before the horizon may be rounded up to the end of the last window.
    this.counts[Math.min(this.counts.length - 1, Math.floor(now / this.window))] += amount;
  }
}
