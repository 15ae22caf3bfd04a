/** Plans (points of a result) as a decision: which to look at, which are worth their money, in which order to list them. */
import type { Point, Result } from "../experiment/result.ts";

/** The plan whose details are shown: the one that the advice names, else the first; undefined when nothing was simulated. */
export function focus(result: Result): Point | undefined {
  return result.points[result.best ?? 0];
}

/** What to call a plan in a sentence: "warm 2, timeout 30s", or its name where nothing was varied. */
export function planName(result: Result, point: Point): string {
  const varied = result.axes.flatMap((axis, i) => (axis.values.length > 1 ? [`${axis.label} ${point.values[i]}`] : []));
  return varied.length === 0 ? point.name : varied.join(", ");
}

/**
 * Plans that no other plan beats on both cost and attainment, cheapest first. Of plans equal in both, the first is kept.
 * O(n log n).
 */
export function frontier(points: readonly Point[], value: (point: Point) => number = (point) => point.attainment.mean): Point[] {
  const order = points.toSorted((a, b) => a.cost.usd_per_month.mean - b.cost.usd_per_month.mean || value(b) - value(a));
  const kept: Point[] = [];
  let highest = -Infinity;
  for (const point of order) {
    if (value(point) <= highest) continue;
    highest = value(point);
    kept.push(point);
  }
  return kept;
}

/** Plans that met their objectives by rising cost, then the others by how much error budget they have left. Equal plans keep the grid's order. */
export function ranked(points: readonly Point[]): Point[] {
  return points.toSorted((a, b) => {
    const met = Number(b.verdict === "met") - Number(a.verdict === "met");
    if (met !== 0) return met;
    if (a.verdict === "met") return a.cost.usd_per_month.mean - b.cost.usd_per_month.mean;
    return b.margin.mean - a.margin.mean || a.cost.usd_per_month.mean - b.cost.usd_per_month.mean;
  });
}

export function countOf(points: readonly Point[], verdict: Point["verdict"]): number {
  return points.filter((point) => point.verdict === verdict).length;
}
