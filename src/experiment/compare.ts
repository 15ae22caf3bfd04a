import { adviceOnComparison } from "./advice.ts";
import { assemble, type Context } from "./assemble.ts";
import { blastRadiusOf } from "./blast-radius.ts";
import { blastRadiusSentences } from "./blast-radius-words.ts";
import { withEconomics } from "./cache-economics.ts";
import { losingText } from "./cache-words.ts";
import { differencesFromFirst } from "./differences.ts";
import { remembering } from "./economics/remembering.ts";
import { type Plan, requireComparable, simulatePlans } from "./plan.ts";
import { pointsOf } from "./point.ts";
import { stuckOf } from "./recovery-loop.ts";
import { stuckSentences } from "./recovery-words.ts";
import type { Result } from "./result.ts";
import type { Runner } from "./runner.ts";
import { byCost, whyNoChoice } from "./search.ts";
import { withSlowerEngines } from "./slower-engines.ts";

/** Compares systems with the first of them, replication by replication under common random numbers. At least two plans, of different names. */
export async function compare(plans: readonly Plan[], runs: Runner, context: Context): Promise<Result> {
  requireComparable(plans);
  const runner = remembering(runs);
  const simulated = await simulatePlans(plans, runner, { latencies: "with caches" });
  const { points: bare, watched } = pointsOf(simulated);
  const differences = differencesFromFirst(simulated);
  const noChoice = whyNoChoice(plans);
  const [cheapest] = noChoice === undefined ? byCost(bare) : [];
  const stuck = await stuckOf(simulated, bare, runner);
  const blastRadius = await blastRadiusOf(simulated, runner);
  const best = cheapest === undefined ? undefined : bare.indexOf(cheapest);
  const points = await withEconomics(simulated, bare, best, runner);
  const losing = losingText(points, []);
  const aside = losing === undefined ? [] : [`${losing}.`];
  const choice = adviceOnComparison(points, differences, noChoice, cheapest);
  const advice = [choice, ...aside, ...stuckSentences(stuck, true), ...blastRadiusSentences(blastRadius, true)].join(" ");
  const slowerEngines = best === undefined ? undefined : await withSlowerEngines(plans[best], watched, runner);
  const findings = { kind: "compare", axes: [], watched, differences, best, slowerEngines, stuck, blastRadius, advice } as const;
  return assemble(plans, points, findings, context);
}
