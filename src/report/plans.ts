/** Plans (points of a result) as a decision: which to look at, which are worth their money, in which order to list them. */
import type { Axis, ClassResult, Point, Result } from "../experiment/result.ts";

/** The plan whose details are shown: the one that the advice names, else the first; undefined when nothing was simulated. */
export function focus(result: Result): Point | undefined {
  return result.points[result.best ?? 0];
}

/** The folders that all values of an axis share, with the last slash: "llama-3.1-8b/" of two engines for one model; else "". */
export function sharedFolders({ values }: Axis): string {
  const folders = values.map((value) => value.split("/").slice(0, -1));
  const differs = (i: number) => folders.some((folder) => folder[i] !== folders[0][i]);
  let shared = 0;
  while (values.length > 1 && shared < folders[0].length && !differs(shared)) shared++;
  return folders[0]
    .slice(0, shared)
    .map((folder) => `${folder}/`)
    .join("");
}

/** A value of an axis as tables and charts show it, without the folders that all of them share. */
export function shortValue(axis: Axis, value: string): string {
  return value.slice(sharedFolders(axis).length);
}

/** What to call a plan in a chart: "engine tp2, warm size 1", or its name where nothing was varied. */
export function planName(result: Result, point: Point): string {
  const varied = result.axes.flatMap((axis, i) => (axis.values.length > 1 ? [`${axis.label} ${shortValue(axis, point.values[i])}`] : []));
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

/** Whether the clients of a class sent anything again, or beside what was under way, or would have. */
export function repeats({ client: { retries, hedges } }: ClassResult): boolean {
  return retries.mean + hedges.mean > 0;
}
