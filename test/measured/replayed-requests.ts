import { readFileSync } from "node:fs";
import type { BatchSettings } from "../../src/serving/continuous-batch.ts";
import { runReplica } from "../serving/drive.ts";
import { measuredFolder } from "./closed-loop-rows.ts";

/** Means over the requests of one run, in seconds. */
export interface Means {
  readonly ttft: number;
  readonly tpot: number;
  readonly total: number;
}

interface MeasuredRequest {
  readonly input_toks: number;
  readonly output_toks: number;
  readonly queued_ts: number;
  readonly first_token_ts: number;
  readonly last_token_ts: number;
}

/** The requests of one real vLLM run; their moments are of one clock, in seconds. */
export function measuredRequests(run: string): MeasuredRequest[] {
  const lines = readFileSync(`${measuredFolder}/vllm-requests/${run}_requests.jsonl`, "utf8").trim().split("\n");
  const requests = lines.map((line) => JSON.parse(line) as MeasuredRequest);
  return requests.sort((a, b) => a.queued_ts - b.queued_ts);
}

export function measuredMeans(requests: readonly MeasuredRequest[]): Means {
  return means(requests.map((r) => ({ arrived: r.queued_ts, first: r.first_token_ts, last: r.last_token_ts, output: r.output_toks })));
}

/** The same requests at the same moments on one simulated replica. */
export function replayedMeans(requests: readonly MeasuredRequest[], settings: BatchSettings): Means & { readonly preemptions: number } {
  const start = requests[0].queued_ts;
  const jobs = requests.map((request) => ({
    arrivesAt: request.queued_ts - start,
    prompt: request.input_toks,
    output: request.output_toks,
    leavesAt: Infinity,
    withdrawnAt: Infinity,
  }));
  const { fates, preemptions } = runReplica(jobs, settings, "finish");
  const times = fates.map((fate, i) => ({
    arrived: jobs[i].arrivesAt,
    first: fate.firstTokenAt,
    last: fate.endedAt,
    output: jobs[i].output,
  }));
  return { ...means(times), preemptions };
}

function means(times: readonly { arrived: number; first: number; last: number; output: number }[]): Means {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    ttft: mean(times.map(({ arrived, first }) => first - arrived)),
    tpot: mean(times.map(({ first, last, output }) => (last - first) / (output - 1))),
    total: mean(times.map(({ arrived, last }) => last - arrived)),
  };
}
