import { assert } from "../base/assert.ts";
import { mapValues } from "../base/records.ts";
import { build, type System } from "../scenario/build.ts";
import { stageNames } from "../scenario/path/parts.ts";
import type { Scenario } from "../scenario/schema.ts";
import { Requests } from "../traffic/requests.ts";
import type { Trace } from "../traffic/trace.ts";
import { type Disturbance, disturbancesOf } from "./disturbances.ts";
import { type Meters, metersSince, readMeters } from "./meters.ts";
import { Recorder } from "./recorder.ts";
import { aftermathsOf } from "./recovery.ts";
import type { Series } from "./result.ts";
import { seriesOf, windowLength } from "./series.ts";
import { batchSpans, measuredSpan, type Span } from "./spans.ts";
import { type Summary, summarise } from "./summary.ts";

/** What one replication leaves behind. */
export interface Replication {
  readonly summary: Summary;
  /** Of each of the parts into which the scenario cuts it; empty where it does not. */
  readonly batches: readonly Summary[];
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
  const requests = new Requests(Math.max(...Object.values(scenario.traffic).map((traffic) => stageNames(traffic, scenario).length)));
  const recorder = new Recorder(requests);
  const system = build(scenario, replication, traces, window, requests, (request, outcome, servedBy, firstTokenAt, endedAt) =>
    recorder.record(request, outcome, servedBy, firstTokenAt, endedAt),
  );
  const disturbances = mapValues(scenario.traffic, (_, name) => disturbancesOf(scenario, name));
  const readings = readAt(momentsOf(scenario, Object.values(disturbances).flat()), system);
  const metersOf = (span: Span): Meters => metersSince(readings.get(span.to)!, readings.get(span.from)!);
  const clients = Object.values(system.clients);
  for (const request of requests.pending()) clients[requests.trafficClass[request]].walk.cut(request);
  recorder.close(system.attempts, scenario.horizon);
  const fleets = mapValues(system.pools, ({ fleet }) => fleet.accounts);
  for (const { stays } of Object.values(system.pools)) checkLittlesLaw(stays.littlesLaw(scenario.horizon));
  const aftermaths = mapValues(disturbances, (own, name) => {
    const number = Object.keys(scenario.traffic).indexOf(name);
    return aftermathsOf(scenario.traffic[name], number, recorder, own, scenario, window);
  });
  const summaryOf = (span: Span): Summary => summarise(scenario, recorder, span, metersOf(span), fleets, system, aftermaths, metersOf);
  return {
    summary: summaryOf(measuredSpan(scenario)),
    batches: batchSpans(scenario).map(summaryOf),
    recorder,
    series: () => seriesOf(scenario, recorder, system, window),
  };
}

/** When meters are read: around what is measured, at its cuts, and around the time after each disturbance. */
function momentsOf(scenario: Scenario, disturbances: readonly Disturbance[]): number[] {
  const { warmup, horizon } = scenario;
  const cuts = batchSpans(scenario).map(({ to }) => to);
  const moments = [warmup, horizon, ...cuts, ...disturbances.flatMap(({ from, to, until }) => [from, to, until])];
  return [...new Set(moments.filter((moment) => moment <= horizon))].toSorted((a, b) => a - b);
}

/** Runs to each of the moments in turn, up to the last; what is due at one is done after it. */
function readAt(moments: readonly number[], system: System): Map<number, Meters> {
  return new Map(
    moments.map((moment) => {
      system.simulation.runBefore(moment);
      return [moment, readMeters(system, moment)];
    }),
  );
}

/** Both sides are counted apart, so that an attempt that was lost from an account or counted twice is found in any run. */
function checkLittlesLaw({ area, stays }: { readonly area: number; readonly stays: number }): void {
  assert(Math.abs(area - stays) <= 1e-6 * Math.max(1, area), `Little's law holds in every pool: ${area} and ${stays} attempt-seconds`);
}
