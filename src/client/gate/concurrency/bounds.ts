import type * as z from "zod";
import { count, issue } from "../../../base/settings.ts";

/** Keys of the caps that find their limit themselves. */
export const boundsShape = {
  initial: count({ min: 1, whole: true }).prefault(20).describe("attempts under way at once at first"),
  min: count({ min: 1, whole: true }).prefault(1).describe("the limit does not fall below it"),
  max: count({ min: 1, whole: true }).prefault(200).describe("the limit does not rise above it"),
};

export interface Bounds {
  readonly initial: number;
  readonly min: number;
  readonly max: number;
}

export function checkBounds({ initial, min, max }: Bounds, context: z.RefinementCtx): void {
  if (min > max)
    issue(context, "contradiction", `is above max, which is ${max}`, { path: ["min"], hint: `at most ${max}, or a larger max` });
  else if (initial < min || initial > max) {
    issue(context, "contradiction", "lies outside of min and max", { path: ["initial"], hint: `from ${min} to ${max}` });
  }
}

export function bounded(limit: number, { min, max }: Bounds): number {
  return Math.min(max, Math.max(min, limit));
}
