import { Recorder } from "../../src/experiment/recorder.ts";
import { build, serverNames } from "../../src/scenario/build.ts";
import { stageNames } from "../../src/scenario/path/parts.ts";
import { SemanticCache } from "../../src/cache/semantic-cache.ts";
import { mapValues } from "../../src/base/records.ts";
import { causes } from "../../src/traffic/cause.ts";
import { outcomes } from "../../src/traffic/outcome.ts";
import { Requests } from "../../src/traffic/requests.ts";
import { scenarioOf } from "../experiment/systems.ts";
import type { PlainSystem } from "./plain-given.ts";
import type { PlainFate } from "./plain-fate.ts";
import type { PlainTime } from "./plain-time.ts";
import { scenarioText, traceOf } from "./plain-scenario.ts";
import { type PlainEnd, vectorsAtFirst } from "./plain-system.ts";

/** The same system through the public scenario format and the engine, until its horizon. */
export function runForReal(given: PlainSystem) {
  const scenario = scenarioOf(scenarioText(given));
  const stageCount = Math.max(...Object.values(scenario.traffic).map((traffic) => stageNames(traffic, scenario).length));
  const requests = new Requests(stageCount);
  const recorder = new Recorder(requests);
  const traces = new Map(given.classes.map((one) => [one.name, traceOf(one)]));
  const rungs: number[] = [];
  const system = build(scenario, 0, traces, scenario.horizon, requests, (request, outcome, servedBy, firstTokenAt, endedAt) => {
    rungs[requests.ordinal[request]] = requests.rung[request];
    recorder.record(request, outcome, servedBy, firstTokenAt, endedAt);
  });
  system.simulation.runBefore(scenario.horizon);
  for (const request of requests.pending()) rungs[requests.ordinal[request]] = requests.rung[request];
  recorder.close(system.attempts, scenario.horizon);
  return { scenario, system, requests, recorder, rungs };
}

export function playForReal(given: PlainSystem): PlainEnd {
  const { scenario, system, recorder, rungs } = runForReal(given);
  const names = serverNames(scenario);
  const since = (moment: number, start: number): number | undefined => (Number.isNaN(moment) ? undefined : moment - start);
  const traffic = Object.values(scenario.traffic);
  const stagesOf = (i: number): string[] => stageNames(traffic[recorder.trafficClass[i]], scenario);
  const spent = (i: number): Record<string, number> =>
    Object.fromEntries(
      stagesOf(i)
        .map((name, stage): [string, number] => [name, recorder.spent[i * recorder.stages + stage]])
        .filter(([, seconds]) => !Number.isNaN(seconds)),
    );
  const time = (i: number): PlainTime => {
    const seconds = new Float64Array(causes.length);
    recorder.time.addTo(seconds, i);
    return Object.fromEntries(causes.map((cause, code) => [cause, seconds[code]]));
  };
  const lacks = (i: number): string[] =>
    stagesOf(i)
      .filter((_, stage) => (recorder.lacks[i] & (1 << stage)) !== 0)
      .toSorted();
  const semantics = Object.values(system.caches).filter((cache) => cache instanceof SemanticCache);
  const fates = Array.from({ length: recorder.count }, (_, i): PlainFate => {
    const arrivedAt = recorder.arrivedAt[i];
    return {
      className: given.classes[recorder.trafficClass[i]].name,
      arrivedAt,
      outcome: outcomes[recorder.outcome[i]],
      servedBy: names[recorder.servedBy[i]],
      attempts: recorder.attempts[i],
      rung: rungs[i],
      wrong: recorder.wrong[i] === 1,
      lacks: lacks(i),
      spent: spent(i),
      time: time(i),
      ttft: since(recorder.firstTokenAt[i], arrivedAt),
      total: since(recorder.endedAt[i], arrivedAt),
    };
  });
  return {
    fates,
    providers: mapValues(system.providers, ({ calls, throttled, bill: { billed } }) => ({
      calls,
      throttled,
      inputTokens: billed.base.input,
      outputTokens: billed.base.output,
    })),
    clients: mapValues(system.clients, ({ meter }) => ({ ...meter })),
    stores: mapValues(system.vectorStores, ({ reads, failed, shed, vectors }) => ({
      reads,
      failed,
      shed,
      written: vectors - vectorsAtFirst,
    })),
    semantics: Object.fromEntries(semantics.map(({ name, lookups, hits, wrong }) => [name, { lookups, hits, wrong }])),
  };
}
