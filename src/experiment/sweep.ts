import { adviceOnSearch } from "./advice.ts";
import { assemble, type Context } from "./assemble.ts";
import { withEconomics } from "./cache-economics.ts";
import { losingText } from "./cache-words.ts";
import { costlyTimeout, costlyTimeoutText } from "./costly-timeouts.ts";
import { remembering } from "./economics/remembering.ts";
import { type Plan, requireComparable, simulatePlans } from "./plan.ts";
import { pointsOf } from "./point.ts";
import { readinessOf } from "./readiness.ts";
import type { Axis, Result } from "./result.ts";
import type { Runner } from "./runner.ts";
import { withSlowerEngines } from "./slower-engines.ts";
import { verifiedBest, whyNoChoice } from "./search.ts";

/** Simulates a grid of plans (see `grid` for their order) and recommends the cheapest that keeps its SLO. */
export async function sweep(plans: readonly Plan[], axes: readonly Axis[], runs: Runner, context: Context): Promise<Result> {
  requireComparable(plans);
  const runner = remembering(runs);
  const simulated = await simulatePlans(plans, runner, { latencies: "with caches" });
  const { points: bare, watched } = pointsOf(simulated);
  const noChoice = whyNoChoice(plans);
  const found = noChoice === undefined ? await verifiedBest(plans, bare, watched, runner) : undefined;
  const points = await withEconomics(simulated, bare, found?.best, runner);
  const best = found === undefined ? undefined : points[found.best];
  const slowerEngines = found === undefined ? undefined : await withSlowerEngines(plans[found.best], watched, runner);
  const readiness = found === undefined ? undefined : await readinessOf(simulated[found.best], runner);
  const costly = costlyTimeout(points, axes);
  const told = [costly === undefined ? undefined : costlyTimeoutText(costly, axes), losingText(points, axes)];
  const aside = told.flatMap((text) => (text === undefined ? [] : [`${text}.`]));
  const advice = [adviceOnSearch(points, { axes, noChoice, best, verification: found?.verification }), ...aside].join(" ");
  return assemble(plans, points, { kind: "sweep", axes, watched, differences: [], advice, slowerEngines, readiness, ...found }, context);
}
