import { adviceOnOne } from "./advice.ts";
import { assemble, type Context } from "./assemble.ts";
import { blastRadiusOf } from "./blast-radius.ts";
import { blastRadiusSentences } from "./blast-radius-words.ts";
import { withEconomics } from "./cache-economics.ts";
import { worthText } from "./cache-words.ts";
import { remembering } from "./economics/remembering.ts";
import { type Plan, simulatePlans, type Wanted } from "./plan.ts";
import { pointsOf } from "./point.ts";
import { readinessOf } from "./readiness.ts";
import { stuckOf } from "./recovery-loop.ts";
import { stuckSentences } from "./recovery-words.ts";
import type { RequestColumns } from "./request-columns.ts";
import type { Result } from "./result.ts";
import type { Runner } from "./runner.ts";
import { withSlowerEngines } from "./slower-engines.ts";

/** Simulates one system; also gives the first replication's requests where they are wanted. */
export async function simulate(
  plan: Plan,
  runs: Runner,
  context: Context,
  wanted: Wanted = {},
): Promise<{ result: Result; requests: RequestColumns | undefined }> {
  const runner = remembering(runs);
  const [simulated] = await simulatePlans([plan], runner, { latencies: "with caches", ...wanted });
  const { points: bare, watched } = pointsOf([simulated]);
  const points = await withEconomics([simulated], bare, 0, runner);
  const slowerEngines = await withSlowerEngines(plan, watched, runner);
  const readiness = await readinessOf(simulated, runner);
  const stuck = await stuckOf([simulated], points, runner);
  const blastRadius = await blastRadiusOf([simulated], runner);
  const worths = Object.entries(points[0].economics ?? {}).map(([name, one]) => `${worthText(name, one)}.`);
  const asides = [...worths, ...stuckSentences(stuck, false), ...blastRadiusSentences(blastRadius, false)];
  const advice = [adviceOnOne(points[0]), ...asides].join(" ");
  const findings = { kind: "simulate", axes: [], watched, differences: [], slowerEngines, readiness, stuck, blastRadius, advice } as const;
  return { result: assemble([plan], points, findings, context), requests: simulated.replications[0].requests };
}
