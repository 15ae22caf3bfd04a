import { mapValues } from "../base/records.ts";
import { percentile } from "../kernel/percentile.ts";
import type { System } from "../scenario/build.ts";
import type { Scenario, TrafficClass } from "../scenario/schema.ts";
import { type LifecycleState, onTheWay } from "../serving/fleet/lifecycle.ts";
import { type Outcome, outcomeCode, outcomes } from "../traffic/outcome.ts";
import { isGood, totalOf, ttftOf } from "./objectives.ts";
import type { Recorder } from "./recorder.ts";
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
    classes: mapValues(scenario.traffic, (traffic, name) => {
      const attempts = [...system.clients[name].sender.sentOverTime.counts];
      return { ...classSeries(traffic, names.indexOf(name), recorder, scenario.horizon, window), attempts };
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
    vectorStores: {},
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

function classSeries(
  traffic: TrafficClass,
  number: number,
  recorder: Recorder,
  horizon: number,
  window: number,
): Omit<ClassSeries, "attempts"> {
  const count = Math.ceil(horizon / window);
  const zeros = (): number[] => Array.from({ length: count }, () => 0);
  const counts = outcomes.map(zeros);
  const [offered, good] = [zeros(), zeros()];
  const ttft: number[][] = Array.from({ length: count }, () => []);
  const total: number[][] = Array.from({ length: count }, () => []);
  for (let request = 0; request < recorder.count; request++) {
    if (recorder.trafficClass[request] !== number) continue;
    const i = Math.min(count - 1, Math.floor(recorder.arrivedAt[request] / window));
    const outcome = recorder.outcome[request];
    offered[i]++;
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
    stages: {},
  };
}
