import type { Estimate } from "./result.ts";

export interface CacheResult {
  readonly lookups: Estimate;
  readonly hits: Estimate;
  readonly hitShare: Estimate;
  /** Hits with a wrong answer; null for caches that compare whole questions. */
  readonly wrong: Estimate | null;
  /** Hits that waited for an answer which another request had asked for. This and what follows is null where the hit rate is given. */
  readonly coalesced: Estimate | null;
  /** Answers held, mean over time. */
  readonly entries: Estimate | null;
  /** Answers that went for want of room, and those whose time was over. */
  readonly evictions: Estimate | null;
  readonly expired: Estimate | null;
  /** Its nodes, and the embeddings that are paid by the question. */
  readonly cost_usd_per_month: Estimate;
}

/** By window of the look-up, or of the answer that a hit has waited for. */
export interface CacheSeries {
  readonly lookups: readonly number[];
  readonly hits: readonly number[];
}

/** What a part of the money is spent on. */
export type MoneyPart = "pools" | "tokens" | "provisioned" | "caches" | "embeddings" | "vectorStores" | "wrongAnswers" | "degradedAnswers";

/**
 * What a cache is worth: the plan against itself without it, paired by replication, and against itself with the same cache that never
 * finds anything. What nothing else uses (its vector store, the pool or provider that embeds for it) goes with it.
 */
export interface CacheEconomics {
  /** Dollars a month that it saves, net: positive when it pays. */
  readonly net_usd_per_month: Estimate;
  /** The same by part: positive is saved, negative is spent; they add up to the net. */
  readonly saved_usd_per_month: Readonly<Partial<Record<MoneyPart, Estimate>>>;
  /** What it would cost a month if it never found anything. */
  readonly cost_usd_per_month: Estimate;
  /** A replication: attempts not sent to targets, tokens not billed by providers, busy replica-hours not spent. */
  readonly attemptsSaved: Estimate;
  readonly tokensSaved: Estimate;
  readonly replicaHoursSaved: Estimate;
  /** Seconds, means over requests served by both: what a hit gains, and what a miss loses, in time to the last token; null without any. */
  readonly hitGain_s: Estimate | null;
  readonly missLoss_s: Estimate | null;
  readonly hitShare: Estimate;
  /** Hit rate at which the net would be zero, on a straight line from no hits to those it has; null where hits save nothing, above 1 where none would do. */
  readonly breakEvenHitShare: Estimate | null;
}
