import { dollars, percent, plural, target, thousands } from "../../base/format.ts";
import { reached, variedValues } from "../advice.ts";
import { dollarsWithInterval } from "../interval-text.ts";
import type { Optimization } from "../optimization-result.ts";
import { caseWords } from "./demand-case.ts";
import type { Axis, Point, Verification } from "../result.ts";
import { tightest } from "../tightest.ts";

/** What the sentences rest on. */
interface Told {
  readonly points: readonly Point[];
  /** Those of the grid, without the demand. */
  readonly axes: readonly Axis[];
  readonly best: number | undefined;
  readonly optimization: Optimization;
  readonly verification: Verification | undefined;
  /** Plans that met every objective, and did not on fresh seeds. */
  readonly failed: number;
}

/** The plan to take, or how near the nearest comes; what it took; and what else might be chosen. */
export function adviceOnOptimization(told: Told): string {
  return [choiceOf(told), workOf(told.optimization), ...others(told)].join(" ");
}

function choiceOf({ points, axes, best, optimization, verification, failed }: Told): string {
  const { plans, impossible, nearest, cases } = optimization;
  const possible = plans - impossible;
  const names = cases.map(({ name }) => name).join(", ");
  const everywhere = cases.length === 0 ? "" : ` at every demand (${names})`;
  if (best !== undefined && verification !== undefined) {
    const point = points[best];
    const money =
      cases.length === 0
        ? `${dollarsWithInterval(point.cost.usd_per_month)} a month`
        : `${dollars(cases.reduce((sum, one) => sum + one.usd_per_month!.mean, 0) / cases.length)} a month, the mean over the demands,`;
    const again = `it met them again on ${plural(verification.replications, "fresh seed")}`;
    const standing = possible === 1 ? "the one plan there is and meets" : `the cheapest plan (of ${thousands(possible)}) that meets`;
    return `Take ${named(point.values, axes)}: at ${money} it is ${standing} every objective${everywhere}, and ${again}.`;
  }
  if (nearest === null) {
    const few = failed === 1 ? "the one plan that met" : `none of the ${failed} cheapest plans that met`;
    return `Nothing can be recommended yet: ${few} every objective${everywhere} ${failed === 1 ? "did not meet" : "met"} them again on fresh seeds; add replications.`;
  }
  const point = points[nearest];
  const inTheWay = reached(tightest(point.classes, point.verdict)!);
  const money = `${dollarsWithInterval(point.cost.usd_per_month)} a month`;
  const at = cases.length === 0 ? "" : ` at ${caseWords(point.values[point.values.length - 1])}`;
  const costs = `costs ${money}${at}: ${inTheWay}`;
  return possible === 1
    ? `The one plan there is cannot be sure to meet every objective${everywhere}; it ${costs}.`
    : `None of ${plural(possible, "plan")} is sure to meet every objective${everywhere}; the nearest that was simulated, ${named(point.values, axes)}, ${costs}.`;
}

function workOf({ replications: { search, grid, share } }: Optimization): string {
  return `It took ${thousands(search)} of the grid's ${thousands(grid)} ${grid === 1 ? "replication" : "replications"} (${percent(share, 1)}).`;
}

function others({ points, axes, best, optimization }: Told): string[] {
  if (best === undefined) return [];
  const { runnerUp, surer, cases } = optimization;
  const own = points[best].values.slice(0, axes.length);
  const usd =
    cases.length === 0 ? points[best].cost.usd_per_month.mean : cases.reduce((sum, one) => sum + one.usd_per_month!.mean, 0) / cases.length;
  const more = (to: number): string => (to >= usd ? `+${dollars(to - usd)}` : `−${dollars(usd - to)}`);
  const second =
    optimization.plans - optimization.impossible === 1
      ? "There is no runner-up."
      : runnerUp === null
        ? "No other plan meets every objective."
        : `Runner-up: ${named(runnerUp.values, axes)} (${more(runnerUp.usd_per_month)} a month).`;
  const at = `At ${target(surer.confidence)} confidence`;
  const { choice } = surer;
  if (choice === null) return [second, `${at} no plan is sure; add replications.`];
  const same = choice.values.every((value, i) => value === own[i]);
  return [second, same ? `${at}: the same plan.` : `${at}: ${named(choice.values, axes)} (${more(choice.usd_per_month)} a month).`];
}

/** The values of the settings that were varied. */
function named(values: readonly string[], axes: readonly Axis[]): string {
  return variedValues(values, axes) ?? "the plan";
}
