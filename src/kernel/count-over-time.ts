/** Counts what happens in each window of a run, from its start. */
export class CountOverTime {
  /** By window; one that the horizon cuts short is the last. */
  readonly counts: Float64Array;
  private readonly window: number;

  /** @param window seconds; @param horizon seconds, what comes from then on is counted nowhere */
  constructor(window: number, horizon: number) {
    this.window = window;
    this.counts = new Float64Array(Math.ceil(horizon / window));
  }

  add(now: number, amount = 1): void {
    const window = Math.floor(now / this.window);
    if (window < this.counts.length) this.counts[window] += amount;
  }
}
