/** Objectives as text, taken apart again for charts: which latency, and the threshold to draw. */
import { duration, parseQuantity } from "../base/units.ts";
import type { ClassResult, Point, Result } from "../experiment/result.ts";

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

/** What the attainment is the share of, to follow "requests": "that met chat ttft p95 < 2s". */
export function watchedAs({ watched }: Result): string {
  return watched === undefined ? "that were served" : `that met ${watched.className} ${watched.text}`;
}
