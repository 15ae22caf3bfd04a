import { Streams } from "../kernel/random.ts";
import { resized } from "../kernel/slots.ts";
import { firstFrom } from "../traffic/arrivals/first-from.ts";
import { type ArrivalSources, openArrivals } from "../traffic/arrivals/open-arrivals.ts";
import type { Trace } from "../traffic/trace.ts";
import { askedTargets } from "./clients.ts";
import { calledOnTheWay } from "./path/parts.ts";
import type { Scenario, TrafficClass } from "./schema.ts";

type Traffic = Pick<Scenario, "traffic" | "pools" | "caches" | "vectorStores" | "pipelines">;

/**
 * What is to come to a pool.
 * @returns the most arrivals per second in any span of `window` seconds that begins in [from, to]; a span holds its start, not its end
 */
export type FutureArrivals = (from: number, to: number, window: number) => number;

/**
 * Tells the arrivals of all classes that may ask a pool, on the way or for the answer, or have it read their prompts, until the horizon:
 * the very moments at which the simulation will meet them, since streams of the same names give the same numbers. What caches answer or
 * other targets take is counted too. They are listed when first asked for, at O(n log n); an answer then takes O(log n).
 * @param traces by `traceKey`
 */
export function futureArrivals(scenario: Scenario, replication: number, traces: ReadonlyMap<string, Trace>, pool: string): FutureArrivals {
  const sources: ArrivalSources = { streams: new Streams(scenario.seed, replication), traces, horizon: scenario.horizon };
  let times: Float64Array | undefined;
  let counts: WindowCounts | undefined;
  return (from, to, window) => {
    times ??= arrivalTimes(scenario, sources, pool);
    if (counts?.window !== window) counts = new WindowCounts(times, window);
    return counts.most(from, to) / window;
  };
}

/** A class that may ask a pool, as names that are all there say, of a closed loop or in conversations: when its requests come depends on the system, so nobody can know it ahead. */
export function classWithoutFuture(scenario: Traffic, pool: string): string | undefined {
  return classesOf(scenario, pool).find(([, { arrivals, conversation }]) => (arrivals.closedLoop ?? conversation) !== undefined)?.[0];
}

function classesOf(scenario: Traffic, pool: string): [name: string, traffic: TrafficClass][] {
  const { traffic, pools } = scenario;
  const asked = new Set([pool, ...Object.keys(pools).filter((name) => pools[name].prefill?.pool === pool)]);
  return Object.entries(traffic).filter(([, one]) =>
    [...askedTargets(one), ...calledOnTheWay(one, scenario)].some((target) => asked.has(target)),
  );
}

/** In ascending order, those before the horizon. */
function arrivalTimes(scenario: Scenario, sources: ArrivalSources, pool: string): Float64Array {
  let times = new Float64Array(1024);
  let count = 0;
  for (const [name, { arrivals: settings }] of classesOf(scenario, pool)) {
    const arrivals = openArrivals(name, settings, sources);
    while (arrivals.advance() && arrivals.time < sources.horizon) {
      if (count === times.length) times = resized(times, 2 * count);
      times[count++] = arrivals.time;
    }
  }
  return times.slice(0, count).sort();
}

/**
 * How many of ascending moments lie in spans of one length. As a span slides on, the count only grows until its start passes
 * a moment, so the most is found in a span that starts at a moment, or in the last of the spans asked about.
 */
export class WindowCounts {
  readonly window: number;
  private readonly times: Float64Array;
  /** A tournament: the counts of the spans that start at each moment, from `times.length` on, and above each pair the larger. */
  private readonly tree: Int32Array;

  constructor(times: Float64Array, window: number) {
    this.window = window;
    this.times = times;
    const { length } = times;
    const tree = new Int32Array(2 * length);
    for (let start = 0, end = 0; start < length; start++) {
      while (end < length && times[end] < times[start] + window) end++;
      tree[length + start] = end - start;
    }
    for (let node = length - 1; node > 0; node--) tree[node] = Math.max(tree[2 * node], tree[2 * node + 1]);
    this.tree = tree;
  }

  /** The most moments in a span that starts in [from, to]. */
  most(from: number, to: number): number {
    const { times, tree, window } = this;
    const last = firstFrom(times, to);
    let most = firstFrom(times, to + window) - last;
    let low = times.length + firstFrom(times, from);
    let high = times.length + last;
    // A start at `to` itself is among those that the last span counts.
    for (; low < high; low >>= 1, high >>= 1) {
      if (low & 1) most = Math.max(most, tree[low++]);
      if (high & 1) most = Math.max(most, tree[--high]);
    }
    return most;
  }
}
