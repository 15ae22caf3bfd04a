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
}
