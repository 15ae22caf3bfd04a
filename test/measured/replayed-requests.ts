import { mean } from "simple-statistics";
import { readMeasurements } from "../../src/cli/calibration/measurements-file.ts";
import { type MeasuredRequest, tpotOf } from "../../src/experiment/calibration/measurements.ts";
import { replay } from "../../src/experiment/calibration/replay.ts";
import type { BatchSettings } from "../../src/serving/replica/continuous-batch.ts";
import { measuredFolder } from "./closed-loop-rows.ts";

/** Means over the requests of one run, in seconds. */
export interface Means {
  readonly ttft: number;
  readonly tpot: number;
  readonly total: number;
}

/** The requests of one real vLLM run, in order of arrival. */
export function measuredRequests(run: string): readonly MeasuredRequest[] {
  return readMeasurements(`${measuredFolder}/vllm-requests/${run}_requests.jsonl`).requests!;
}

export function measuredMeans(requests: readonly MeasuredRequest[]): Means {
  return means(requests, requests);
}

/** The same requests at the same moments on one simulated replica. */
export function replayedMeans(requests: readonly MeasuredRequest[], settings: BatchSettings): Means & { readonly preemptions: number } {
  const { ttft, total, preemptions } = replay(requests, settings);
  return {
    ...means(
      requests,
      requests.map((_, i) => ({ ttft: ttft[i], total: total[i] })),
    ),
    preemptions,
  };
}

function means(requests: readonly MeasuredRequest[], times: readonly { readonly ttft: number; readonly total: number }[]): Means {
  return {
    ttft: mean(times.map(({ ttft }) => ttft)),
    tpot: mean(times.map(({ ttft, total }, i) => tpotOf(requests[i].outputTokens, ttft, total))),
    total: mean(times.map(({ total }) => total)),
  };
}
