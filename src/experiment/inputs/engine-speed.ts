import { scaledDistribution } from "../../kernel/distributions/scaled.ts";
import type { Scenario } from "../../scenario/schema.ts";
import type { EngineSettings } from "../../serving/replica/engine-settings.ts";
import { lengthened } from "../../serving/replica/step-time.ts";
import { changed } from "./chosen.ts";

/** Engines so many times as fast, in all pools unless named. @param factor above 0 */
export function scaledEngineSpeed(scenario: Scenario, factor: number, pools?: readonly string[]): Scenario {
  return { ...scenario, pools: changed(scenario.pools, pools, (pool) => ({ ...pool, engine: slower(pool.engine, 1 / factor) })) };
}

/** The engine with all that it does longer by a factor, the draft's part of an iteration included. */
export function slower(engine: EngineSettings, by: number): EngineSettings {
  const { stepTime, speculation, station, staticBatch } = engine;
  return {
    ...engine,
    stepTime: stepTime && lengthened(stepTime, by),
    speculation: speculation && { ...speculation, draftTime: speculation.draftTime * by },
    station: station && { ...station, service: scaledDistribution(station.service, by) },
    staticBatch: staticBatch && {
      ...staticBatch,
      service: scaledDistribution(staticBatch.service, by),
      perAttempt: staticBatch.perAttempt * by,
      perInputToken: staticBatch.perInputToken * by,
      perOutputToken: staticBatch.perOutputToken * by,
    },
  };
}
