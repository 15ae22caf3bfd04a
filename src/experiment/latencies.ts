import { serverNames } from "../scenario/build.ts";
import type { Scenario } from "../scenario/schema.ts";
import { outcomeCode } from "../traffic/outcome.ts";
import { totalOf } from "./objectives.ts";
import type { Recorder } from "./recorder.ts";
import type { Span } from "./spans.ts";
import { requestsFrom } from "./summary.ts";

/** How long each request measured in one replication, or in one batch of it, took, in order of arrival, in few bytes so that many replications can be kept. */
export interface Latencies {
  /** Names of all that can serve; `servedBy` is a position in them. */
  readonly servers: readonly string[];
  /** Sum of the moments of arrival: two runs in which it is the same to the last digit, and so many came, met the same requests. */
  readonly arrivals: number;
  readonly trafficClass: Uint16Array;
  /** Seconds from arrival to the last token; NaN of those that were not served. */
  readonly total_s: Float32Array;
  readonly servedBy: Uint16Array;
}

export function latenciesOf(recorder: Recorder, scenario: Scenario, { from, to }: Span): Latencies {
  const first = requestsFrom(recorder, from);
  const end = to < scenario.horizon ? requestsFrom(recorder, to) : recorder.count;
  const count = end - first;
  const total_s = new Float32Array(count);
  let arrivals = 0;
  for (let i = 0; i < count; i++) {
    const served = recorder.outcome[first + i] === outcomeCode.served;
    total_s[i] = served ? totalOf(recorder, first + i) : NaN;
    arrivals += recorder.arrivedAt[first + i];
  }
  return {
    servers: serverNames(scenario),
    arrivals,
    trafficClass: Uint16Array.from(recorder.trafficClass.subarray(first, end)),
    total_s,
    servedBy: Uint16Array.from(recorder.servedBy.subarray(first, end)),
  };
}

/** What a cache does to the time to the last token, in sums over requests that were served with it and without it. */
export interface LatencyChange {
  /** Seconds that its hits gained, and how many these are. */
  readonly gained: number;
  readonly hits: number;
  /** Seconds that other requests which might ask it lost. */
  readonly lost: number;
  readonly misses: number;
}

/**
 * Request by request; undefined where the two runs did not meet the same, as in a closed loop, in which an answer decides when the
 * next request comes.
 * @param classes numbers of the classes that may ask the cache
 */
export function latencyChange(
  cache: string,
  classes: readonly number[],
  withIt: Latencies,
  withoutIt: Latencies,
): LatencyChange | undefined {
  if (withIt.total_s.length !== withoutIt.total_s.length || withIt.arrivals !== withoutIt.arrivals) return undefined;
  const server = withIt.servers.indexOf(cache);
  let [gained, hits, lost, misses] = [0, 0, 0, 0];
  for (let i = 0; i < withIt.total_s.length; i++) {
    const longer = withIt.total_s[i] - withoutIt.total_s[i];
    if (Number.isNaN(longer) || !classes.includes(withIt.trafficClass[i])) continue;
    if (withIt.servedBy[i] === server) {
      gained -= longer;
      hits++;
    } else {
      lost += longer;
      misses++;
    }
  }
  return { gained, hits, lost, misses };
}
