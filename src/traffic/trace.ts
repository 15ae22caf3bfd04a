import type { TraceHashes } from "./trace-hashes.ts";

/** Requests as they came, in columns and in order of arrival. */
export interface Trace {
  /** Where it was read from, for messages. */
  readonly name: string;
  readonly count: number;
  /** Seconds since the first request; ascending, so it starts with 0. */
  readonly time: Float64Array;
  readonly inputTokens: Int32Array;
  readonly outputTokens: Int32Array;
  /** Seconds that the trace stands for: past the last request by one mean gap, so that copies of it can follow each other. */
  readonly duration: number;
  /** Of the columns, so that two results can be told apart. */
  readonly hash: string;
  /** What the prompts begin with, where the trace was read for it. */
  readonly hashes?: TraceHashes;
  /** Rows of the file that were left out, as its map asked, since they had no output tokens; 0 unless given. */
  readonly dropped?: number;
  /** Rows that stood in the file after a later one and were sorted into their place; 0 unless given. */
  readonly outOfOrder?: number;
}

/**
 * What ascending arrival times that start with 0 stand for, in seconds: the last of them and one mean gap more.
 * Where there is no gap to go by, in one request or several at the same instant, it is one second.
 */
export function traceDuration(time: Float64Array): number {
  const last = time.at(-1) ?? 0;
  return last > 0 ? last + last / (time.length - 1) : 1;
}
