import type { LifecycleState, StartPhase } from "../serving/fleet/lifecycle.ts";
import type { Estimate } from "./result.ts";

export interface PoolResult {
  /** Mean number of replicas ready, starting and warm over the measured time. */
  readonly ready: Estimate;
  readonly starting: Estimate;
  readonly warm: Estimate;
  readonly peakReplicas: Estimate;
  /** Mean number of replicas in each state of the life cycle. */
  readonly states: Readonly<Record<LifecycleState, Estimate>>;
  /** Starts into service, from the warm pool or from nothing. */
  readonly scaleUps: Estimate;
  readonly coldStart: ColdStartResult;
  readonly faults: FaultsResult;
  /** Share of the attempts taken that found no room at a replica, so that they waited longer than for the next iteration; mean wait of all. */
  readonly waitedShare: Estimate | null;
  readonly wait_s: Estimate | null;
  /** Attempts that had to wait when a replica was on its way, or none was ready; and how long in the mean. */
  readonly coldWaits: Estimate;
  readonly coldWait_s: Estimate | null;
  /** Attempts refused at once because no replica could ever hold them. */
  readonly oversized: Estimate;
  /** Share of the time of replicas that could serve, or were finishing, in which nothing ran. */
  readonly idleShare: Estimate;
  readonly wastedShare: Estimate;
  /** Replica-seconds a replication for clients who had left, and what they cost. */
  readonly wasted_s: Estimate;
  readonly wasted_usd_per_month: Estimate;
  readonly preemptions: Estimate;
  /** Share of the tokens of prompts that a prefix cache held, so that they were not read; null where no prompt met such a cache. */
  readonly prefixHitShare: Estimate | null;
  readonly cost_usd_per_month: Estimate;
  /** The same by purchase type (reserved, onDemand, spot, warm), and by the state that the time was spent in; empty without a price. */
  readonly purchases_usd_per_month: Readonly<Record<string, Estimate>>;
  readonly states_usd_per_month: Readonly<Record<string, Estimate>>;
}

/** Starts from nothing that began in the measured time, as long as they take if they are not given up; null where there was none. */
export interface ColdStartResult {
  readonly starts: Estimate;
  readonly total_s: { readonly mean: Estimate | null; readonly p95: Estimate | null };
  /** Mean seconds of a start in each phase. */
  readonly phases_s: Readonly<Record<StartPhase, Estimate | null>>;
}

/** What went wrong with replicas, as counts. */
interface FaultsResult {
  /** Starts that found no GPU in stock. */
  readonly stockOuts: Estimate;
  /** Notices that a spot replica would be taken away. */
  readonly interruptions: Estimate;
  readonly crashes: Estimate;
  /** Replicas taken away, whatever they were doing: with their zone, at the end of a notice, or of a drain's deadline. */
  readonly losses: Estimate;
  /** Attempts that failed with their replica. */
  readonly lostAttempts: Estimate;
}

export interface PoolSeries {
  /** Time-weighted means within the window. */
  readonly ready: readonly number[];
  readonly starting: readonly number[];
  readonly warm: readonly number[];
  /** Every state of the life cycle apart; `starting` is all of them between `requested` and `ready`. */
  readonly states: Readonly<Record<LifecycleState, readonly number[]>>;
  readonly outstanding: readonly number[];
  /** Times in which the whole pool was struck: `stockOut` or `zoneLoss`; those of the run's end end with it. */
  readonly outages: readonly { readonly fault: string; readonly from_s: number; readonly to_s: number }[];
}
