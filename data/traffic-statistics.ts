import { percentile } from "../src/kernel/percentile.ts";

/** Requests that came in each whole window of so many seconds from the first request on. */
export function countsPerWindow(times: Float64Array, window: number): number[] {
  const counts = Array.from({ length: Math.max(1, Math.floor(times.at(-1)! / window)) }, () => 0);
  for (const time of times) {
    const index = Math.floor(time / window);
    if (index < counts.length) counts[index]++;
  }
  return counts;
}

/** The largest count of a window, as a multiple of the mean. */
export function peakToMean(times: Float64Array, window: number): number {
  const counts = countsPerWindow(times, window);
  return counts.reduce((most, count) => Math.max(most, count), 0) / mean(counts);
}

/** Variance of the counts over their mean: 1 for Poisson arrivals, above for bursts. */
export function dispersion(times: Float64Array, window: number): number {
  const counts = countsPerWindow(times, window);
  return variance(counts) / mean(counts);
}

/** Deviation of the windows' true rate within an hour, as a share of the hour's mean, Poisson noise taken out; the mean over the hours. */
export function rateSwing(times: Float64Array, window: number): number {
  const counts = countsPerWindow(times, window);
  const perHour = Math.floor(3600 / window);
  const squares: number[] = [];
  for (let from = 0; from === 0 || from + perHour <= counts.length; from += perHour) {
    const hour = counts.slice(from, from + perHour);
    squares.push(Math.max(0, variance(hour) - mean(hour)) / mean(hour) ** 2);
  }
  return Math.sqrt(mean(squares));
}

/** Standard deviation over mean of the gaps between requests. */
export function gapCv(times: Float64Array): number {
  const gaps = Array.from(times.subarray(1), (time, i) => time - times[i]);
  return Math.sqrt(variance(gaps)) / mean(gaps);
}

/** Mean and nearest-rank percentiles. */
export function spread(values: ArrayLike<number>): { mean: number; p50: number; p90: number; p99: number; max: number } {
  const sorted = Float64Array.from(values).sort();
  const at = (p: number) => percentile(sorted, p)!;
  return { mean: mean(sorted), p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
}

export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  let products = 0;
  for (let i = 0; i < a.length; i++) products += (a[i] - meanA) * (b[i] - meanB);
  return products / a.length / Math.sqrt(variance(a) * variance(b));
}

export function mean(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total / values.length;
}

function variance(values: ArrayLike<number>): number {
  const centre = mean(values);
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i] - centre) ** 2;
  return squares / values.length;
}
