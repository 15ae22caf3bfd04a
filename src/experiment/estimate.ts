import { mean, sampleStandardDeviation } from "simple-statistics";
import type { Estimate } from "./result.ts";
import { studentQuantile } from "./student.ts";

/** Of every interval that is reported. */
export const confidence = 0.95;

/**
 * Mean of independent replications with its Student-t interval; one replication has no interval. At least one value.
 * @param sureness confidence of the interval
 */
export function estimate(values: readonly number[], sureness = confidence): Estimate {
  const center = mean(values);
  if (values.length < 2) return { mean: center };
  const half = (studentQuantile((1 + sureness) / 2, values.length - 1) * sampleStandardDeviation(values)) / Math.sqrt(values.length);
  return { mean: center, low: center - half, high: center + half };
}

/** The same structure with an estimate wherever a number stood. Replications in which a number is absent are left out. */
export type Estimated<T> = T extends number
  ? Estimate
  : T extends number | null
    ? Estimate | null
    : { readonly [Key in keyof T]: Estimated<T[Key]> };

/** Estimates of all numbers in structures of equal shape, one of each replication. */
export function estimateAll<T>(replications: readonly T[]): Estimated<T> {
  const first = replications.find((value) => value !== null) as T | undefined;
  if (first === undefined) return null as Estimated<T>;
  if (typeof first === "number") return estimate(replications.filter((value) => value !== null) as number[]) as Estimated<T>;
  const keys = Object.keys(first as object) as (keyof T)[];
  return Object.fromEntries(keys.map((key) => [key, estimateAll(replications.map((one) => one[key]))])) as Estimated<T>;
}
