/** Forecasts a metric, read once every period, as the mean of what it was at the same place of earlier seasons. */
export class SeasonalForecast {
  private readonly sums: Float64Array;
  private readonly seasons: Uint32Array;

  /** @param periods that one season has */
  constructor(periods: number) {
    this.sums = new Float64Array(periods);
    this.seasons = new Uint32Array(periods);
  }

  /** @param period counted from the start of the run */
  record(period: number, value: number): void {
    const slot = period % this.sums.length;
    this.sums[slot] += value;
    this.seasons[slot]++;
  }

  /** 0 where no season before has shown anything yet. */
  of(period: number): number {
    const slot = period % this.sums.length;
    return this.seasons[slot] === 0 ? 0 : this.sums[slot] / this.seasons[slot];
  }
}
