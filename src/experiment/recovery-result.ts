import type { Estimate } from "./result.ts";

/**
 * How a class fared after a disturbance. Its reference is the share of requests that met every objective (or were served, without any)
 * from the end of the warm-up, and of what began in it, to its first disturbance after it. It has recovered at the first window from which on that share is at least 95 %
 * of the reference: over the span that follows, over the last span before the next disturbance or the horizon, and over all the time
 * between. A span is ten windows of the series, or more where these hold too few requests.
 */
export interface RecoveryResult {
  /** "spike", or the fault and whose it is: "zoneLoss of gpus". */
  readonly disturbance: string;
  readonly from_s: number;
  readonly to_s: number;
  /** Replications in which it could be judged: not where it began in the warm-up, most requests were not good before, or too few came. */
  readonly judged: number;
  /** Of the replications judged, those that recovered; null where none was judged. */
  readonly recoveredShare: Estimate | null;
  /** From the end of the disturbance, over the replications that recovered. */
  readonly recovery_s: Estimate | null;
  /** From the end of the disturbance to the next or the horizon, over the replications that did not recover; null where all did. */
  readonly unrecovered: UnrecoveredResult | null;
}

interface UnrecoveredResult {
  readonly attemptsPerRequest: Estimate | null;
  /** Shares of the busy replica time of all pools, and of the calls to all providers. */
  readonly wastedShare: Estimate;
  readonly throttledShare: Estimate | null;
}

/**
 * What keeps a system down after a disturbance is over. `retries`, `abandonedWork` (for clients who had left): without it alone the system
 * recovers; `either`: without any one of the two; `both`: only without the two; `load`: not even then.
 */
export type Loop = "retries" | "abandonedWork" | "either" | "both" | "load";

/** A system that did not recover in every replication, and the same on the same seeds without what may hold it down. */
export interface Stuck {
  /** Name of the point. */
  readonly plan: string;
  readonly className: string;
  readonly recovery: RecoveryResult;
  readonly loop: Loop;
  /** One attempt for each call and no hedges; every pool aborts what is no longer waited for. Absent where that is so already. */
  readonly withoutRetries?: RecoveryResult;
  readonly withoutAbandonedWork?: RecoveryResult;
  /** Present only where neither of them sufficed. */
  readonly withoutBoth?: RecoveryResult;
}
