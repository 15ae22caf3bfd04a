import { seconds } from "../base/format.ts";
import type { Scenario } from "../scenario/schema.ts";
import { traitsOf } from "../serving/fleet/scaling/registry.ts";

/** What is planned for later than the run, a warm pool for nothing, and a forecast of what has not been seen yet. */
export function doubtsAboutFleets({ pools, horizon, warmup }: Scenario): string[] {
  const doubts: string[] = [];
  for (const [name, { faults, scaling, warm }] of Object.entries(pools)) {
    for (const kind of ["stockOut", "zoneLoss"] as const) {
      const after = faults[kind]?.at?.find((at) => at >= horizon);
      if (after !== undefined) doubts.push(`${name}: its ${kind} at ${seconds(after)} comes after the run has ended`);
    }
    const { season, still } = scaling === undefined ? { season: undefined, still: true } : traitsOf(scaling);
    if (warm !== undefined && warm.size > 0 && still === true && Object.keys(faults).length === 0) {
      doubts.push(`${name}: nothing ever draws on its warm pool, since nothing scales and nothing goes wrong`);
    }
    if (season !== undefined && season > warmup) {
      doubts.push(`${name}: its forecast has a season of ${seconds(season)}, more than the warm-up; until one is over it only reacts`);
    }
  }
  return doubts;
}
