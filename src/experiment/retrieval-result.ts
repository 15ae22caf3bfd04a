import type { Estimate } from "./result.ts";

/** What one stage before the targets did for the requests of a class: caches, vector stores and calls, by their names. */
export interface StageResult {
  /** Seconds that requests which came to it spent there, until the end of the run at most, whatever came of it; null when none came. */
  readonly mean_s: Estimate | null;
  readonly p95_s: Estimate | null;
  readonly p99_s: Estimate | null;
  /** Requests served without what it gives: it failed, took too long, was skipped or found only a part. */
  readonly without: Estimate;
}

export interface VectorStoreResult {
  /** Reads per replication after the warm-up; those that failed, that found the queue full, whose callers waited no longer, and that found only a part. */
  readonly reads: Estimate;
  readonly failed: Estimate;
  readonly shed: Estimate;
  readonly left: Estimate;
  readonly incomplete: Estimate;
  /** Seconds from asking to an answer, waits included; null without an answer. */
  readonly read_s: Estimate | null;
  /** Share of the slots that reads and writes held, mean over time. */
  readonly utilisation: Estimate;
  /** Vectors at the end, and the share of the memory limit that they take there; null without a limit. */
  readonly vectors: Estimate;
  readonly memoryShare: Estimate | null;
  /** Writes that found no memory. */
  readonly refusedWrites: Estimate;
  /** Rebuilds of a replica that began, and the seconds from the first to the last moment of all, added up over replicas. */
  readonly rebuilds: Estimate;
  readonly rebuild_s: Estimate;
  readonly cost_usd_per_month: Estimate;
}

/** What goes wrong with a vector store. */
export type Trouble = "rebuild" | "outage" | "reembedding" | "memory";

export interface VectorStoreSeries {
  /** By window of the read. */
  readonly reads: readonly number[];
  readonly failed: readonly number[];
  /** Mean share of the slots held. */
  readonly utilisation: readonly number[];
  readonly troubles: readonly { readonly trouble: Trouble; readonly from_s: number; readonly to_s: number }[];
}

/** What one trouble of one vector store did: the plan against itself without it, paired by replication. */
export interface BlastRadius {
  readonly plan: string;
  readonly store: string;
  readonly trouble: Trouble;
  /** Requests a replication that failed some objective or were not served, in all and because of it; their share. */
  readonly misses: Estimate;
  readonly missesCaused: Estimate;
  readonly causedShare: Estimate | null;
  /** Requests a replication that timed out because of it. */
  readonly timeoutsCaused: Estimate;
  /** Answers a replication without what retrieval gives because of it. */
  readonly withoutCaused: Estimate;
}
