import { mapValues } from "../base/records.ts";
import { slower } from "./inputs/engine-speed.ts";
import { type Plan, simulatePlans, type Wanted } from "./plan.ts";
import { pointOf } from "./point.ts";
import type { SlowerEngines, WatchedObjective } from "./result.ts";
import type { Runner } from "./runner.ts";

/** By how much the profiles of a plan's engines err, by pool, where they state it of the time per output token. */
function engineErrors({ decoded }: Plan): SlowerEngines["by"] {
  const errors: Record<string, SlowerEngines["by"][string]> = {};
  for (const name of Object.keys(decoded.scenario.pools)) {
    const { tpot, ttft } = decoded.profiles.find(({ path }) => path === `pools.${name}.engine`)?.error ?? {};
    if (tpot !== undefined && tpot > 0) errors[name] = ttft === undefined ? { tpot } : { tpot, ttft };
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
    return by[name] === undefined ? pool : { ...pool, engine: slower(pool.engine, 1 + by[name].tpot) };
  });
  const again = { ...plan, decoded: { ...plan.decoded, scenario: { ...scenario, pools } } };
  const [simulated] = await simulatePlans([again], runner, wanted);
  const { replications, verdict, attainment, cost } = pointOf(simulated, watched);
  return { by, replications, verdict, attainment, usd_per_month: cost.usd_per_month };
}
