import { formatObjective } from "../../scenario/slo.ts";
import { change } from "../differences.ts";
import { estimate } from "../estimate.ts";
import type { Simulated } from "../plan.ts";
import { ratio } from "../ratios.ts";
import type { Estimate, WatchedObjective } from "../result.ts";
import { secondsMeasured } from "../spans.ts";
import type { Summary } from "../summary.ts";

export type Figure = (summary: Summary) => number;

/** Share of requests that met the watched objective, or were served where there is none. */
export function attainmentFigure({ plan }: Simulated, watched: WatchedObjective | undefined): Figure {
  if (watched === undefined) return ({ classes }) => overAll(classes, ({ counts }) => counts.outcomes.served);
  const { className, text } = watched;
  const i = plan.decoded.scenario.traffic[className].slo.findIndex((objective) => formatObjective(objective) === text);
  return ({ classes }) => classes[className].attained[i];
}

/** Share of all requests that were served and met every objective of their class. */
export function goodFigure({ plan }: Simulated): Figure {
  const seconds = secondsMeasured(plan.decoded.scenario);
  return ({ classes }) => overAll(classes, ({ counts }) => counts.goodput_per_s * seconds);
}

export const moneyFigure: Figure = ({ money }) => money.total.usd_per_month;

/** Of changed systems minus those before, replication by replication; as many pairs as there are of both. */
export function pairedChange(before: readonly Summary[], after: readonly Summary[], figure: Figure): Estimate {
  const pairs = after.slice(0, before.length);
  return estimate(pairs.map((summary, i) => change(figure(before[i]), figure(summary))));
}

function overAll(classes: Summary["classes"], count: (one: Summary["classes"][string]) => number): number {
  const all = Object.values(classes);
  const offered = all.reduce((sum, { counts }) => sum + counts.offered, 0);
  return (
    ratio(
      all.reduce((sum, one) => sum + count(one), 0),
      offered,
    ) ?? 0
  );
}
