/** Objectives as text, taken apart again for charts: which latency, and the threshold to draw. */
import { duration, parseQuantity } from "../base/units.ts";
import { isCost } from "../experiment/tightest.ts";
import type { ClassResult, ObjectiveResult, Point } from "../experiment/result.ts";

export interface LatencyObjective {
  readonly metric: "ttft" | "total" | "tpot";
  /** As written, "p95". */
  readonly percentile: string;
  readonly threshold_s: number;
  readonly text: string;
}

const pattern = /^(ttft|total|tpot)\s+(p\d+(?:\.\d+)?)\s*<=?\s*(.+)$/;

/** Reads "ttft p95 < 2s"; undefined for objectives that are not about a latency percentile. */
export function latencyObjective(text: string): LatencyObjective | undefined {
  const match = pattern.exec(text.trim());
  if (match === null) return undefined;
  const threshold_s = parseQuantity(duration, match[3]);
  if (threshold_s === undefined) return undefined;
  return { metric: match[1] as LatencyObjective["metric"], percentile: match[2], threshold_s, text: text.trim() };
}

export function hasObjectives(point: Point): boolean {
  return Object.values(point.classes).some((one) => one.objectives.length > 0);
}

/** The class whose latency a planner asks about first: one with a TTFT objective, else any latency objective, else the busiest. */
export function mainClass(point: Point): string | undefined {
  const classes = Object.entries(point.classes);
  const withMetric = (metrics: readonly string[]) =>
    classes.find(([, one]) => latencyObjectives(one).some((objective) => metrics.includes(objective.metric)));
  const found = withMetric(["ttft"]) ?? withMetric(["total", "tpot"]);
  if (found !== undefined) return found[0];
  return classes.toSorted(([, a], [, b]) => b.offered.mean - a.offered.mean)[0]?.[0];
}

function latencyObjectives(one: ClassResult): LatencyObjective[] {
  return one.objectives.flatMap(({ text }) => latencyObjective(text) ?? []);
}

/**
 * Share of the error budget that is left: 1 when nothing failed, 0 when exactly as much as allowed, negative beyond. The budget of
 * "95 % must" is 5 %; of a cost objective it is the limit itself. A target of 100 % has no budget: undefined.
 */
export function budgetLeft(objective: ObjectiveResult): number | undefined {
  if (isCost(objective)) return 1 - objective.attained.mean / objective.target;
  if (objective.target >= 1) return undefined;
  return 1 - (1 - objective.attained.mean) / (1 - objective.target);
}
