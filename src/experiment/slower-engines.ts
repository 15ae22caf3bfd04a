import { mapValues } from "../base/records.ts";
import { lengthened } from "../serving/step-time.ts";
import { type Plan, simulatePlans, type Wanted } from "./plan.ts";
import { pointOf } from "./point.ts";
import type { SlowerEngines, WatchedObjective } from "./result.ts";
import type { Runner } from "./runner.ts";

/** By how much the profiles of a plan's engines err, by pool: what they state of the time per output token. */
export function engineErrors({ decoded }: Plan): Readonly<Record<string, number>> {
  const errors: Record<string, number> = {};
  for (const name of Object.keys(decoded.scenario.pools)) {
    const error = decoded.profiles.find(({ path }) => path === `pools.${name}.engine`)?.error?.tpot;
    if (error !== undefined && error > 0) errors[name] = error;
  }
  return errors;
}

/**
 * The plan once more on the seeds that it is judged by, with every iteration of its engines longer by what their profiles err:
 * intervals hold chance, and this what the profiles leave open. Undefined when no profile states an error.
 */
export async function withSlowerEngines(
  plan: Plan,
  watched: WatchedObjective | undefined,
  runner: Runner,
  wanted: Wanted = {},
): Promise<SlowerEngines | undefined> {
  const by = engineErrors(plan);
  if (Object.keys(by).length === 0) return undefined;
  const { scenario } = plan.decoded;
  const pools = mapValues(scenario.pools, (pool, name) => {
    const { stepTime } = pool.engine;
    if (stepTime === undefined || by[name] === undefined) return pool;
    return { ...pool, engine: { ...pool.engine, stepTime: lengthened(stepTime, 1 + by[name]) } };
  });
  const slower = { ...plan, decoded: { ...plan.decoded, scenario: { ...scenario, pools } } };
  const [simulated] = await simulatePlans([slower], runner, wanted);
  const { replications, verdict, attainment, cost } = pointOf(simulated, watched);
  return { by, replications, verdict, attainment, usd_per_month: cost.usd_per_month };
}
