import { serverNames } from "../scenario/build.ts";
import type { Scenario } from "../scenario/schema.ts";
import type { Recorder } from "./recorder.ts";
import { requestsFrom } from "./summary.ts";

/** The measured requests of one replication, in order of arrival. Codes are positions in `classes`, `targets` and `outcomes`. */
export interface RequestColumns {
  readonly classes: readonly string[];
  readonly targets: readonly string[];
  readonly count: number;
  /** Ordinal of the first row: how many requests had arrived in the warm-up. */
  readonly first: number;
  readonly trafficClass: Int32Array;
  /** Seconds since the start of the run; NaN where the moment never came. */
  readonly arrivedAt: Float64Array;
  readonly firstTokenAt: Float64Array;
  readonly endedAt: Float64Array;
  readonly inputTokens: Int32Array;
  readonly outputTokens: Int32Array;
  readonly outcome: Uint8Array;
  /** -1: nobody served it. */
  readonly servedBy: Int32Array;
  readonly attempts: Int32Array;
}

/** Copies of the recorder's columns from the end of the warm-up on. */
export function requestColumns(recorder: Recorder, scenario: Scenario): RequestColumns {
  const first = requestsFrom(recorder, scenario.warmup);
  const { count } = recorder;
  return {
    classes: Object.keys(scenario.traffic),
    targets: serverNames(scenario),
    count: count - first,
    first,
    trafficClass: recorder.trafficClass.slice(first, count),
    arrivedAt: recorder.arrivedAt.slice(first, count),
    firstTokenAt: recorder.firstTokenAt.slice(first, count),
    endedAt: recorder.endedAt.slice(first, count),
    inputTokens: recorder.inputTokens.slice(first, count),
    outputTokens: recorder.outputTokens.slice(first, count),
    outcome: recorder.outcome.slice(first, count),
    servedBy: recorder.servedBy.slice(first, count),
    attempts: recorder.attempts.slice(first, count),
  };
}
