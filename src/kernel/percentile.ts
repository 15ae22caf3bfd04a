/**
 * The smallest of the sorted values that at least the share `p` of them do not exceed: the nearest-rank percentile
 * (inverse of the empirical distribution, type 1 in R). Undefined for no values.
 */
export function percentile(sorted: Float64Array, p: number): number | undefined {
  if (sorted.length === 0) return undefined;
  return sorted[Math.max(0, Math.ceil(p * sorted.length - 1e-9) - 1)];
}
