import { assert } from "../base/assert.ts";
import { mapValues } from "../base/records.ts";
import { build } from "../scenario/build.ts";
import type { Scenario } from "../scenario/schema.ts";
import { Requests } from "../traffic/requests.ts";
import type { Trace } from "../traffic/trace.ts";
import { metersSince, readMeters } from "./meters.ts";
import { Recorder } from "./recorder.ts";
import type { Series } from "./result.ts";
import { seriesOf, windowLength } from "./series.ts";
import { type Summary, summarise } from "./summary.ts";

/** What one replication leaves behind. */
export interface Replication {
  readonly summary: Summary;
  readonly recorder: Recorder;
  /** Over time; worked out only when asked for. */
  readonly series: () => Series;
}

/**
 * Simulates one replication from an empty system to the horizon. What happens at the end of the warm-up is measured, what would
 * happen at the horizon is not.
 * @param replication from 0; with the scenario's seed it decides all randomness
 * @param traces by `traceKey`
 */
export function runReplication(scenario: Scenario, replication: number, traces: ReadonlyMap<string, Trace>): Replication {
  const window = windowLength(scenario.horizon);
  const requests = new Requests();
  const recorder = new Recorder(requests);
  const system = build(scenario, replication, traces, window, requests, (request, outcome, servedBy, firstTokenAt, endedAt) =>
    recorder.record(request, outcome, servedBy, firstTokenAt, endedAt),
  );
  const { simulation } = system;
  simulation.runBefore(scenario.warmup);
  const before = readMeters(system, scenario.warmup);
  simulation.runBefore(scenario.horizon);
  const meters = metersSince(readMeters(system, scenario.horizon), before);
  recorder.close(system.attempts);
  const fleets = mapValues(system.pools, ({ fleet }) => fleet.accounts);
  for (const { stays } of Object.values(system.pools)) checkLittlesLaw(stays.littlesLaw(scenario.horizon));
  return {
    summary: summarise(scenario, recorder, meters, fleets),
    recorder,
    series: () => seriesOf(scenario, recorder, system, window),
  };
}

/** Both sides are counted apart, so that an attempt that was lost from an account or counted twice is found in any run. */
function checkLittlesLaw({ area, stays }: { readonly area: number; readonly stays: number }): void {
  assert(Math.abs(area - stays) <= 1e-6 * Math.max(1, area), `Little's law holds in every pool: ${area} and ${stays} attempt-seconds`);
}
