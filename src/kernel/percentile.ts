import { quickselect } from "simple-statistics";

/**
 * The smallest of the sorted values that at least the share `p` of them do not exceed: the nearest-rank percentile
 * (inverse of the empirical distribution, type 1 in R). Undefined for no values.
 */
export function percentile(sorted: Float64Array, p: number): number | undefined {
  if (sorted.length === 0) return undefined;
  return sorted[rankOf(p, sorted.length)];
}

/**
 * The same percentiles of values in any order, by selection: O(n), where sorting is O(n log n). The values are left rearranged.
 * @param values at least one
 * @param shares descending, so that each selection only looks at what the one before left below it
 */
export function selectPercentiles(values: Float64Array, shares: readonly number[]): number[] {
  // What the library does to a list, it does by position.
  const list = values as unknown as number[];
  let last = values.length - 1;
  return shares.map((share) => {
    const rank = rankOf(share, values.length);
    quickselect(list, rank, 0, last);
    last = rank;
    return values[rank];
  });
}

/** Position of the nearest rank; the small number keeps 0.95 × 20 from being rounded up to 20. */
function rankOf(share: number, count: number): number {
  return Math.max(0, Math.ceil(share * count - 1e-9) - 1);
}
