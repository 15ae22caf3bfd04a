import { dollars, percent, plural, target } from "../base/format.ts";
import { dollarsWithInterval, percentWithInterval } from "./interval-text.ts";
import type { Axis, Difference, Point, Verdict, Verification } from "./result.ts";
import { type Named, tightest } from "./tightest.ts";

/** One sentence on a single system: whether it keeps its SLO, what is tightest, what it costs. */
export function adviceOnOne(point: Point): string {
  const named = tightest(point.classes, point.verdict);
  const money = `it costs ${costOf(point)}${atRest(point)}`;
  const silent = Object.keys(point.classes).find((name) => point.classes[name].offered.mean === 0);
  if (silent !== undefined) return `No request of ${silent} arrived after the warm-up, so nothing is known of it; ${money}.`;
  if (named === undefined) return `Without an SLO there is nothing to meet; ${money}.`;
  const sentences: Record<Verdict, string> = {
    met: `The system meets every objective; the tightest is ${reached(named)}; ${money}.`,
    missed: `The system misses its SLO: ${reached(named)}; ${money}.`,
    undecided: `${plural(point.replications, "replication")} cannot tell whether the system meets its SLO: ${reached(named)}; add replications.`,
  };
  return sentences[point.verdict];
}

/** What is known of a search beside its points. */
export interface Search {
  readonly axes: readonly Axis[];
  /** Why no plan can be called the best, where that is so whatever the points say. */
  readonly noChoice: string | undefined;
  readonly best: Point | undefined;
  readonly verification: Verification | undefined;
}

/** One sentence on a search: the plan to take, or how near the nearest comes. */
export function adviceOnSearch(points: readonly Point[], { axes, noChoice, best, verification }: Search): string {
  const met = points.filter((point) => point.verdict === "met").length;
  if (noChoice !== undefined)
    return `${met} of ${plural(points.length, "plan")} ${met === 1 ? "meets" : "meet"} every objective; ${noChoice}.`;
  if (best !== undefined && verification !== undefined) {
    const standing =
      met === 1 ? `the one plan of ${points.length} that meets` : `the cheapest of the ${met} plans (of ${points.length}) that meet`;
    const again = `it met them again on ${plural(verification.replications, "fresh seed")}`;
    return `Take ${choice(best, axes)}: at ${costOf(best)} it is ${standing} every objective, and ${again}.`;
  }
  if (met > 0) {
    const few = met === 1 ? "the one plan that met" : `none of the cheapest of the ${met} plans that met`;
    return `Nothing can be recommended yet: ${few} every objective ${met === 1 ? "did not meet" : "met"} them again on fresh seeds; add replications.`;
  }
  const nearest = points.toSorted((a, b) => b.margin.mean - a.margin.mean || a.cost.usd_per_month.mean - b.cost.usd_per_month.mean)[0];
  const inTheWay = reached(tightest(nearest.classes, nearest.verdict)!);
  const undecided = nearest.verdict === "undecided" ? "; more replications may decide it" : "";
  return `No plan of the ${points.length} is sure to meet every objective; the nearest, ${choice(nearest, axes)}, costs ${costOf(nearest)}: ${inTheWay}${undecided}.`;
}

/** One sentence on systems compared with the first: what each would change in money and in the objective that changes most. */
export function adviceOnComparison(
  points: readonly Point[],
  differences: readonly Difference[],
  noChoice: string | undefined,
  best: Point | undefined,
): string {
  const changes = points.slice(1).map((point) => {
    const own = differences.filter((difference) => difference.to === point.name);
    const money = own.find(({ unit }) => unit === "usd_per_month")!;
    return `${point.name} costs ${moneyChange(money)} and ${attainmentChange(own)}`;
  });
  const one = points[0].replications === 1 ? " (one replication, so without an interval)" : "";
  const choose =
    best === undefined ? "no system is sure to meet every objective" : `${best.name} is the cheapest that meets every objective`;
  return `Against ${points[0].name}, ${changes.join("; ")}${one}; ${noChoice ?? choose}.`;
}

function moneyChange({ difference, significant }: Difference): string {
  const { mean, low } = difference;
  if (mean === 0) return "the same";
  if (low !== undefined && !significant) return "the same within the error";
  return `${dollars(Math.abs(mean))} a month ${mean > 0 ? "more" : "less"}`;
}

function attainmentChange(differences: readonly Difference[]): string {
  const [largest] = differences
    .filter(({ unit, metric }) => unit === "share" && metric.includes(" · "))
    .toSorted((a, b) => Number(b.significant) - Number(a.significant) || Math.abs(b.difference.mean) - Math.abs(a.difference.mean));
  if (largest === undefined) return "has no objective in common with it";
  const { mean, low } = largest.difference;
  if (mean === 0) return "reaches its objectives as often";
  if (low !== undefined && !largest.significant) return "reaches its objectives as often within the error";
  return `reaches ${largest.metric} ${mean > 0 ? "more" : "less"} often by ${Math.abs(mean * 100).toFixed(2)} percentage points`;
}

/** The values of the varied settings: "warm size 1, timeout total 30s". */
function choice(point: Point, axes: readonly Axis[]): string {
  return variedValues(point.values, axes) ?? point.name;
}

/** Undefined where nothing was varied. */
export function variedValues(values: readonly string[], axes: readonly Axis[]): string | undefined {
  const varied = axes.flatMap((axis, i) => (axis.values.length > 1 ? [`${axis.label} ${values[i]}`] : []));
  return varied.length === 0 ? undefined : varied.join(", ");
}

function costOf({ cost }: Point): string {
  return `${dollarsWithInterval(cost.usd_per_month)} a month`;
}

function atRest({ cost }: Point): string {
  return cost.idleShare === null ? "" : `, and ${percent(cost.idleShare.mean, 0)} of the pools' money pays for replicas at rest`;
}

/** "chat ttft p95 < 2s, which 93 % of the requests meet and 95 % must". */
export function reached({ className, objective }: Named): string {
  const { text, kind, attained } = objective;
  if (kind === "cost") return `${className} ${text}, of which ${dollars(attained.mean)} is spent`;
  return `${className} ${text}, which ${percentWithInterval(attained)} of the requests meet and ${target(objective.target)} must`;
}
