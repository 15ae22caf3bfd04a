import { assert } from "../../base/assert.ts";
import type { Streams } from "../../kernel/random.ts";
import type { Trace } from "../trace.ts";
import type { TraceChains } from "../trace-hashes.ts";
import { alongCurve } from "./along-curve.ts";
import { type Arrivals, type ArrivalSettings, traceKey } from "./arrivals.ts";
import { RateCurve } from "./rate-curve.ts";
import { renewalArrivals } from "./renewal.ts";
import { traceArrivals } from "./trace-arrivals.ts";

/** Of one replication: what decides when requests come, beside the settings of their class. */
export interface ArrivalSources {
  readonly streams: Streams;
  /** By `traceKey`. */
  readonly traces: ReadonlyMap<string, Trace>;
  /** Seconds; what would arrive from then on may be left out. */
  readonly horizon: number;
}

/**
 * The arrivals of a class that do not wait for anything, from their first one on. Whoever asks again meets the same moments.
 * @param name of the class, which names its streams
 * @param chainsOf what the prompts of a trace begin with; unknown unless given
 */
export function openArrivals(
  name: string,
  settings: ArrivalSettings,
  { streams, traces, horizon }: ArrivalSources,
  chainsOf?: (trace: Trace) => TraceChains | undefined,
): Arrivals {
  const { rate, profile, spikes, cv = 1, rateScale } = settings;
  const random = streams.sequence(`traffic.${name}.arrivals`);
  if (rate !== undefined || profile !== undefined) {
    const arrivals = renewalArrivals((rate ?? 1) * rateScale, cv, random);
    return profile === undefined && spikes === undefined ? arrivals : alongCurve(arrivals, new RateCurve(settings, horizon));
  }
  const trace = traces.get(traceKey(settings) ?? "");
  assert(trace !== undefined, `the trace of ${name} has not been read`);
  const traceSpikes = spikes && { list: spikes, horizon, random: streams.keyed(`traffic.${name}.spikes`) };
  return traceArrivals(trace, rateScale, random, chainsOf?.(trace), traceSpikes);
}
