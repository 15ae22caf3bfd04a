import { adviceOnOne } from "./advice.ts";
import { assemble, type Context } from "./assemble.ts";
import { blastRadiusOf } from "./blast-radius.ts";
import { blastRadiusSentences } from "./blast-radius-words.ts";
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
  runner: Runner,
  context: Context,
  wanted: Wanted = {},
): Promise<{ result: Result; requests: RequestColumns | undefined }> {
  const [simulated] = await simulatePlans([plan], runner, wanted);
  const { points, watched } = pointsOf([simulated]);
  const slowerEngines = await withSlowerEngines(plan, watched, runner);
  const readiness = await readinessOf(simulated, runner);
  const stuck = await stuckOf([simulated], points, runner);
  const blastRadius = await blastRadiusOf([simulated], runner);
  const advice = [adviceOnOne(points[0]), ...stuckSentences(stuck, false), ...blastRadiusSentences(blastRadius, false)].join(" ");
  const findings = { kind: "simulate", axes: [], watched, differences: [], slowerEngines, readiness, stuck, blastRadius, advice } as const;
  return { result: assemble([plan], points, findings, context), requests: simulated.replications[0].requests };
}
