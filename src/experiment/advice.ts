import { dollars, percent, plural, target } from "../base/format.ts";
import { dollarsWithInterval, percentWithInterval } from "./interval-text.ts";
import type { Axis, Difference, Point, Verdict, Verification } from "./result.ts";
import { isCost, type Named, tightest } from "./tightest.ts";

/** One sentence on a single system: whether it keeps its SLO, what is tightest, what it costs. */
export function adviceOnOne(point: Point): string {
  const named = tightest(point.classes);
  if (named === undefined) return `Without an SLO there is nothing to meet; the system costs ${costOf(point)}.`;
  const idle =
    point.cost.idle_share === null ? "" : `, of which ${percent(point.cost.idle_share.mean, 0)} of the pools' money pays for idle replicas`;
  const sentences: Record<Verdict, string> = {
    met: `The system meets every objective; the tightest is ${reached(named)}; it costs ${costOf(point)}${idle}.`,
    missed: `The system misses its SLO: ${reached(named)}; it costs ${costOf(point)}${idle}.`,
    undecided: `${plural(point.replications, "replication")} cannot tell whether the system meets its SLO: ${reached(named)}; add replications.`,
  };
  return sentences[point.verdict];
}

/** One sentence on a search: the plan to take, or how near the nearest comes. */
export function adviceOnSearch(
  points: readonly Point[],
  axes: readonly Axis[],
  best: Point | undefined,
  fresh: Verification | undefined,
): string {
  const met = points.filter((point) => point.verdict === "met").length;
  if (best !== undefined && fresh !== undefined) {
    const standing =
      met === 1 ? `the one plan of ${points.length} that meets` : `the cheapest of the ${met} plans (of ${points.length}) that meet`;
    const again = `it met them again on ${plural(fresh.replications, "fresh seed")}`;
    return `Take ${choice(best, axes)}: at ${costOf(best)} it is ${standing} every objective, and ${again}.`;
  }
  if (met > 0) {
    const few = met === 1 ? "the one plan that met" : `none of the cheapest of the ${met} plans that met`;
    return `Nothing can be recommended yet: ${few} every objective ${met === 1 ? "did not meet" : "met"} them again on fresh seeds; add replications.`;
  }
  const nearest = points.toSorted((a, b) => b.margin.mean - a.margin.mean || a.cost.usd_per_month.mean - b.cost.usd_per_month.mean)[0];
  const named = tightest(nearest.classes);
  if (named === undefined)
    return `Without an SLO there is nothing to meet; the cheapest plan is ${choice(cheapest(points), axes)} at ${costOf(cheapest(points))}.`;
  const undecided = nearest.verdict === "undecided" ? " and more replications may decide it" : "";
  return `No plan of the ${points.length} is sure to meet every objective; the nearest, ${choice(nearest, axes)}, costs ${costOf(nearest)}: ${reached(named)}${undecided}.`;
}

/** One sentence on systems compared with the first: what each would change in money and in the tightest objective. */
export function adviceOnComparison(points: readonly Point[], differences: readonly Difference[], best: Point | undefined): string {
  const changes = points.slice(1).map((point) => {
    const own = differences.filter((difference) => difference.to === point.name);
    const money = own.find(({ unit }) => unit === "usd_per_month")!;
    return `${point.name} costs ${change(money, (value) => `${dollars(value)} a month`)}${attainmentChange(own)}`;
  });
  const choose =
    best === undefined ? "no system is sure to meet every objective" : `${best.name} is the cheapest that meets every objective`;
  return `Against ${points[0].name}, ${changes.join("; ")}; ${choose}.`;
}

function attainmentChange(differences: readonly Difference[]): string {
  const largest = differences
    .filter(({ unit, metric }) => unit === "share" && metric.includes(" · "))
    .toSorted((a, b) => Math.abs(b.difference.mean) - Math.abs(a.difference.mean))[0];
  if (largest === undefined || !largest.significant) return " and reaches its objectives as often within the error";
  const points = Math.abs(largest.difference.mean * 100).toFixed(2);
  return ` and reaches ${largest.metric} ${largest.difference.mean > 0 ? "more" : "less"} often by ${points} percentage points`;
}

function change({ difference, significant }: Difference, print: (value: number) => string): string {
  if (!significant) return "the same within the error";
  return `${print(Math.abs(difference.mean))} ${difference.mean > 0 ? "more" : "less"}`;
}

/** The values of the varied settings: "warm size 1, timeout total 30s". */
function choice(point: Point, axes: readonly Axis[]): string {
  const varied = axes.flatMap(({ label, values }, i) => (values.length > 1 ? [`${label} ${point.values[i]}`] : []));
  return varied.length === 0 ? point.name : varied.join(", ");
}

function cheapest(points: readonly Point[]): Point {
  return points.toSorted((a, b) => a.cost.usd_per_month.mean - b.cost.usd_per_month.mean)[0];
}

function costOf({ cost }: Point): string {
  return `${dollarsWithInterval(cost.usd_per_month)} a month`;
}

function reached({ className, objective }: Named): string {
  if (isCost(objective)) return `${className} asks for ${objective.text} and costs ${dollars(objective.attained.mean)} a month`;
  const { text, attained } = objective;
  return `${className} ${text}, which ${percentWithInterval(attained)} of the requests meet and ${target(objective.target)} must`;
}
