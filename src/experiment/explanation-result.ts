import type { Estimate } from "./result.ts";

/** Why a system misses what it misses: the same seeds with one cause taken away at a time, and with one input changed at a time. */
export interface Explanation {
  /** Those of the scenario, by what they are worth, the most first. */
  readonly causes: readonly CauseWorth[];
  /** The cause that costs most attainment, where its interval lies above 0; null where no cause is sure to cost any. */
  readonly blame: Blame | null;
  /** By how far apart the attainments are at the two ends, then the costs, the largest first; empty where it was not asked. */
  readonly sensitivity: readonly Sensitivity[];
  /** Replications at each end of an input; 0 where it was not asked. */
  readonly sensitivityReplications: number;
  /** Replications simulated in all. */
  readonly simulations: number;
}

/** A cause, and the system without it minus the system as it is, replication by replication. */
export interface CauseWorth {
  /** A name in the registry of causes. */
  readonly cause: string;
  /** As sentences call it; the name of its point. */
  readonly words: string;
  /** Share of requests: of the watched objective, or served where there is none; positive when the cause costs attainment. */
  readonly attainment: Estimate;
  /** The same of requests that were served and met every objective of their class, over all classes. */
  readonly goodShare: Estimate;
  /** Negative when the cause costs money. */
  readonly usd_per_month: Estimate;
}

interface Blame {
  readonly cause: string;
  /** Causes that are as sure to cost attainment, and of which nothing says that they cost less. */
  readonly tiedWith: readonly string[];
}

export interface Sensitivity {
  readonly input: string;
  /** At 0.8 and at 1.2 times the input. */
  readonly low: Swing;
  readonly high: Swing;
}

/** The system with an input changed minus the system as it is, replication by replication. */
export interface Swing {
  /** What a whole number becomes, "2 to 3", by one at least; null where a factor was applied. */
  readonly moved: string | null;
  readonly attainment: Estimate;
  readonly usd_per_month: Estimate;
}
