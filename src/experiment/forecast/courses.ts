import { estimate } from "../estimate.ts";
import type { Breaking, Course } from "../forecast-result.ts";
import type { Simulated } from "../plan.ts";
import type { Point, Verdict } from "../result.ts";
import { type Named, tightest } from "../tightest.ts";
import { trafficSince } from "./months.ts";

/** Systems of the months from 0 on, of one demand. */
export interface Monthly {
  readonly demand: string | null;
  readonly simulated: readonly Simulated[];
  readonly points: readonly Point[];
  /** Of each, its place among all points of the result. */
  readonly places: readonly number[];
}

export function courseOf({ demand, simulated, points, places }: Monthly): Course {
  const scenarioOf = (month: number) => simulated[month].plan.decoded.scenario;
  const totals = simulated[0].replications.map((_, i) =>
    simulated.slice(1).reduce((sum, { replications }) => sum + replications[i].summary.money.total.usd_per_month, 0),
  );
  return {
    demand,
    monthly: places.map((point, month) => ({ point, traffic: trafficSince(scenarioOf(0), scenarioOf(month)) })),
    unsure: first(points, onRequests, ["undecided", "missed"]),
    missed: first(points, onRequests, ["missed"]),
    costMissed: first(points, onCost, ["missed"]),
    usd_total: estimate(totals),
  };
}

const onCost = ({ objective }: Named): boolean => objective.kind === "cost";
const onRequests = (one: Named): boolean => !onCost(one);

/** Whether all objectives on requests are surely met. */
export function surelyServes(point: Point): boolean {
  return first([point], onRequests, ["undecided", "missed"]) === null;
}

/** The first month with an objective of a kind that is so judged, and of these the tightest. */
function first(points: readonly Point[], isOf: (one: Named) => boolean, verdicts: readonly Verdict[]): Breaking | null {
  for (const [month, { classes }] of points.entries()) {
    const judged = Object.fromEntries(
      Object.entries(classes).map(([className, one]) => {
        const objectives = one.objectives.filter((objective) => isOf({ className, objective }) && verdicts.includes(objective.verdict));
        return [className, { ...one, objectives }];
      }),
    );
    const found = tightest(judged);
    if (found !== undefined) return { month, className: found.className, text: found.objective.text };
  }
  return null;
}
