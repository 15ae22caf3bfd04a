/** Estimates as a planner reads them: `99.42 % ± 0.08`, `$12,340 ± 120`. */
import { absent, dollars, percent, thousands } from "../base/format.ts";
import type { Estimate } from "./result.ts";

/** Half the interval, in the estimate's own unit, 0 where it is but rounding; undefined with one replication. */
export function halfWidth({ mean, low, high }: Estimate): number | undefined {
  if (low === undefined || high === undefined) return undefined;
  const half = (high - low) / 2;
  return half < Math.abs(mean) * 1e-9 ? 0 : half;
}

/** True when the two intervals share a value, or when one of them has none and so nothing can be told. */
export function overlap(a: Estimate, b: Estimate): boolean {
  if (a.low === undefined || a.high === undefined || b.low === undefined || b.high === undefined) return true;
  return a.low <= b.high && b.low <= a.high;
}

/** Mean and half-width; the mean alone with one replication. The half-width has as many decimals as tell something. */
export function withInterval(estimate: Estimate | null, print: (value: number) => string): string {
  if (estimate === null) return absent;
  const half = halfWidth(estimate);
  return half === undefined || !Number.isFinite(half) ? print(estimate.mean) : `${print(estimate.mean)} ± ${print(half)}`;
}

/** `99.42 % ± 0.08`: the half-width is in percentage points. */
export function percentWithInterval(estimate: Estimate, decimals = 2): string {
  const half = halfWidth(estimate);
  const mean = percent(estimate.mean, decimals);
  return half === undefined || !Number.isFinite(half) ? mean : `${mean} ± ${(half * 100).toFixed(decimals)}`;
}

/** `$12,340 ± 120`; the half-width is in whole dollars where the mean is. */
export function dollarsWithInterval(estimate: Estimate | null): string {
  if (estimate === null) return absent;
  const half = halfWidth(estimate);
  if (half === undefined || !Number.isFinite(half)) return dollars(estimate.mean);
  return `${dollars(estimate.mean)} ± ${Math.abs(estimate.mean) >= 99.995 ? thousands(half) : dollars(half).slice(1)}`;
}
