/** The measured part of a run and how finely it is recorded, in seconds. */
export interface Measurement {
  /** Mean and maximum count from its end on. */
  readonly warmup: number;
  readonly horizon: number;
  /** Length of the windows, of which the first starts at 0. */
  readonly window: number;
}

/**
 * A quantity that steps up and down over time, such as the number of ready replicas: its time-weighted mean,
 * its largest value, and its mean within each window of the horizon.
 */
export class Level {
  value = 0;
  private max = 0;
  private since = 0;
  private integral = 0;
  private readonly measuredFrom: number;
  private readonly windowLength: number;
  private readonly windows: Float64Array;

  constructor({ warmup, horizon, window }: Measurement) {
    this.measuredFrom = warmup;
    this.windowLength = window;
    this.windows = new Float64Array(Math.ceil(horizon / window));
  }

  set(now: number, value: number): void {
    this.advance(now);
    this.value = value;
    if (now >= this.measuredFrom && value > this.max) this.max = value;
  }

  add(now: number, change: number): void {
    this.set(now, this.value + change);
  }

  /** Value × seconds from the end of the warm-up to `now`. */
  area(now: number): number {
    this.advance(now);
    return this.integral;
  }

  /** Value × seconds from the start of the run to `now`, which is at most the horizon. */
  wholeArea(now: number): number {
    this.advance(now);
    return this.windows.reduce((sum, area) => sum + area, 0);
  }

  /** Largest value from the end of the warm-up to `now`. */
  largest(now: number): number {
    this.advance(now);
    return this.max;
  }

  /** Mean within each window, once the clock has reached the horizon. */
  windowMeans(horizon: number): number[] {
    this.advance(horizon);
    return Array.from(this.windows, (area, i) => area / Math.min(this.windowLength, horizon - i * this.windowLength));
  }

  private advance(now: number): void {
    if (now === this.since) return;
    if (this.value !== 0) {
      if (now > this.measuredFrom) this.integral += this.value * (now - Math.max(this.since, this.measuredFrom));
      this.spread(this.since, now);
    }
    // What stood at the end of the warm-up is the first value measured.
    if (this.since <= this.measuredFrom && now >= this.measuredFrom && this.value > this.max) this.max = this.value;
    this.since = now;
  }

  private spread(from: number, to: number): void {
    const { windows, windowLength } = this;
    let start = from;
    for (let w = Math.floor(from / windowLength); w < windows.length && start < to; w++) {
      const end = Math.min(to, (w + 1) * windowLength);
      windows[w] += this.value * (end - start);
      start = end;
    }
  }
}
