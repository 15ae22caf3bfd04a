import { mapValues } from "../../base/records.ts";
import type { DistributionSettings } from "../../kernel/distributions/registry.ts";
import { scaledDistribution } from "../../kernel/distributions/scaled.ts";
import type { Scenario } from "../../scenario/schema.ts";
import { changed } from "./chosen.ts";

/** Starts and resumptions of replicas that take so many times as long, in all pools unless named. @param factor above 0 */
export function scaledColdStarts(scenario: Scenario, factor: number, pools?: readonly string[]): Scenario {
  const changedPools = changed(scenario.pools, pools, (pool) => {
    const { coldStart } = pool;
    if (coldStart === undefined) return pool;
    const scaled = <Times extends object>(times: Times): Times =>
      mapValues(times as Record<string, DistributionSettings | undefined>, (time) => time && scaledDistribution(time, factor)) as Times;
    return { ...pool, coldStart: { ...coldStart, phases: scaled(coldStart.phases), resume: scaled(coldStart.resume) } };
  });
  return { ...scenario, pools: changedPools };
}
