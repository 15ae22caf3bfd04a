import type { ClosedLoop, ClosedLoopTimes } from "./closed-loop.ts";
import type { ReplayedRequest } from "./replay.ts";

/** A request and what its client saw, in seconds from its arrival. */
export interface MeasuredRequest extends ReplayedRequest {
  readonly ttft: number;
  readonly total: number;
}

/** One run of a benchmark with a fixed number of clients: means over its requests. */
export interface BenchmarkRow extends ClosedLoop {
  readonly measured: ClosedLoopTimes;
}

/** Seconds per token after the first; NaN when there is none. */
export function tpotOf(outputTokens: number, ttft: number, total: number): number {
  return outputTokens > 1 ? (total - ttft) / (outputTokens - 1) : NaN;
}
