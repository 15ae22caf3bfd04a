import { selectPercentiles } from "../kernel/percentile.ts";

/** Null of nothing. */
export interface PercentileValues {
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/** Reorders the values. */
export function percentiles(values: Float64Array): PercentileValues {
  if (values.length === 0) return { mean: null, p50: null, p95: null, p99: null };
  let sum = 0;
  for (const value of values) sum += value;
  const [p99, p95, p50] = selectPercentiles(values, [0.99, 0.95, 0.5]);
  return { mean: sum / values.length, p50, p95, p99 };
}
