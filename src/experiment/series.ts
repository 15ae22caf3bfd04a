import { mapValues } from "../base/records.ts";
import { percentile } from "../kernel/percentile.ts";
import type { System } from "../scenario/build.ts";
import { stageNames } from "../scenario/path/parts.ts";
import type { Scenario } from "../scenario/schema.ts";
import { type LifecycleState, onTheWay } from "../serving/fleet/lifecycle.ts";
import { type Outcome, outcomeCode, outcomes } from "../traffic/outcome.ts";
import { isGood, totalOf, ttftOf } from "./objectives.ts";
import type { Recorder } from "./recorder.ts";
import { ratio } from "./ratios.ts";
import type { ClassSeries, Series } from "./result.ts";

const lengths = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 86_400];
const mostWindows = 300;

/** The shortest customary length of which at most 300 windows make up the horizon, in seconds. */
export function windowLength(horizon: number): number {
  return lengths.find((length) => horizon / length <= mostWindows) ?? horizon / mostWindows;
}

/** What happened in each window of a run, the warm-up included. Requests count in the window of their arrival. */
export function seriesOf(scenario: Scenario, recorder: Recorder, system: System, window: number): Series {
  const names = Object.keys(scenario.traffic);
  return {
    window_s: window,
    classes: mapValues(scenario.traffic, (_, name) => {
      const attempts = [...system.clients[name].sender.sentOverTime.counts];
      return { ...classSeries(scenario, name, names.indexOf(name), recorder, window), attempts };
    }),
    pools: mapValues(system.pools, ({ fleet, stays }) => {
      const states = mapValues(fleet.accounts.levels, (level) => level.windowMeans(scenario.horizon)) as Record<LifecycleState, number[]>;
      return {
        ready: states.ready,
        starting: states.ready.map((_, i) => onTheWay.reduce((sum, state) => sum + states[state][i], 0)),
        warm: states.warm,
        states,
        outstanding: stays.outstanding.windowMeans(scenario.horizon),
        outages: spansOf(fleet.faults.outages(), scenario.horizon),
      };
    }),
    providers: mapValues(system.providers, ({ overTime, faults }) => ({
      calls: [...overTime.calls.counts],
      throttled: [...overTime.throttled.counts],
      tokens: [...overTime.tokens.counts],
      outages: spansOf(faults.spans(), scenario.horizon),
    })),
    vectorStores: mapValues(system.vectorStores, (store) => ({
      reads: [...store.readsOverTime.counts],
      failed: [...store.failedOverTime.counts],
      utilisation: store.slots.windowMeans(scenario.horizon).map((slots) => slots / store.slotCount),
      troubles: store.troubles().map(({ trouble, from, to }) => ({ trouble, from_s: from, to_s: Math.min(to, scenario.horizon) })),
    })),
    caches: mapValues(system.caches, ({ lookupsOverTime, hitsOverTime }) => ({
      lookups: [...lookupsOverTime.counts],
      hits: [...hitsOverTime.counts],
    })),
  };
}

/** Times in which something was out of order, in seconds; what lasts beyond the horizon ends with it. */
function spansOf(spans: readonly { readonly fault: string; readonly begin: number; readonly end: number }[], horizon: number) {
  return spans.map(({ fault, begin, end }) => ({ fault, from_s: begin, to_s: Math.min(end, horizon) }));
}

function classSeries(scenario: Scenario, name: string, number: number, recorder: Recorder, window: number): Omit<ClassSeries, "attempts"> {
  const { horizon } = scenario;
  const traffic = scenario.traffic[name];
  const stages = stageNames(traffic, scenario);
  const count = Math.ceil(horizon / window);
  const zeros = (): number[] => Array.from({ length: count }, () => 0);
  const counts = outcomes.map(zeros);
  const [offered, good] = [zeros(), zeros()];
  const spent = stages.map(() => Array.from({ length: count }, () => ({ sum: 0, count: 0 })));
  const ttft: number[][] = Array.from({ length: count }, () => []);
  const total: number[][] = Array.from({ length: count }, () => []);
  for (let request = 0; request < recorder.count; request++) {
    if (recorder.trafficClass[request] !== number) continue;
    const i = Math.min(count - 1, Math.floor(recorder.arrivedAt[request] / window));
    const outcome = recorder.outcome[request];
    offered[i]++;
    for (let stage = 0; stage < stages.length; stage++) {
      const seconds = recorder.spent[request * recorder.stages + stage];
      if (Number.isNaN(seconds)) continue;
      spent[stage][i].sum += seconds;
      spent[stage][i].count++;
    }
    counts[outcome][i]++;
    if (outcome !== outcomeCode.served) continue;
    if (isGood(traffic.slo, recorder, request)) good[i]++;
    ttft[i].push(ttftOf(recorder, request));
    total[i].push(totalOf(recorder, request));
  }
  const sorted = (columns: number[][]): Float64Array[] => columns.map((values) => Float64Array.from(values).sort());
  const at = (columns: Float64Array[], p: number): (number | null)[] => columns.map((values) => percentile(values, p) ?? null);
  const [ttftSorted, totalSorted] = [sorted(ttft), sorted(total)];
  return {
    offered,
    good,
    outcomes: Object.fromEntries(outcomes.map((outcome, code) => [outcome, counts[code]])) as Record<Outcome, number[]>,
    ttft_p50_s: at(ttftSorted, 0.5),
    ttft_p95_s: at(ttftSorted, 0.95),
    ttft_p99_s: at(ttftSorted, 0.99),
    total_p95_s: at(totalSorted, 0.95),
    stages: Object.fromEntries(stages.map((called, stage) => [called, spent[stage].map(({ sum, count: came }) => ratio(sum, came))])),
  };
}
