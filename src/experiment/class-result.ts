import type { Cause } from "../traffic/cause.ts";
import type { Outcome } from "../traffic/outcome.ts";
import type { ClientResult } from "./client-result.ts";
import type { HoursResult } from "./hours.ts";
import type { RecoveryResult } from "./recovery-result.ts";
import type { Estimate, Verdict } from "./result.ts";
import type { StageResult } from "./retrieval-result.ts";

/** What the requests of one class met. */
export interface ClassResult {
  readonly offered: Estimate;
  /** Counts per replication after the warm-up, or per batch of one; they add up to `offered`. */
  readonly outcomes: Readonly<Record<Outcome, Estimate>>;
  readonly servedBy: Readonly<Record<string, Estimate>>;
  /** Attempts sent to a target per offered request. */
  readonly attemptsPerRequest: Estimate;
  readonly client: ClientResult;
  /**
   * Requests served by the rungs of the client's ladder, by their names; and what share of the offered requests was served a worse answer,
   * by a rung or without what a stage gives.
   */
  readonly degraded: Readonly<Record<string, Estimate>>;
  readonly degradedShare: Estimate;
  /** Requests served a wrong answer by a cache, and what share of the offered requests they are. */
  readonly wrong: Estimate;
  readonly wrongShare: Estimate;
  /** Stages before the targets, in order of the path. */
  readonly stages: Readonly<Record<string, StageResult>>;
  /** Requests per second that met every objective of the class. */
  readonly goodput_per_s: Estimate;
  readonly ttft_s: Percentiles;
  readonly total_s: Percentiles;
  readonly tpot_s: Percentiles;
  readonly objectives: readonly ObjectiveResult[];
  /** Over time; null without an objective on requests. */
  readonly hours: HoursResult | null;
  /** Requests a replication that missed some objective of their class, or were not served. */
  readonly lateRequests: Estimate;
  /**
   * Mean seconds of a late request, and of an offered one, that went to each cause, from its arrival to its end or the horizon. Causes that
   * took none are absent.
   */
  readonly lateTime_s: Readonly<Partial<Record<Cause, Estimate>>>;
  readonly time_s: Readonly<Partial<Record<Cause, Estimate>>>;
  /** One for each spike of its arrivals, and each scripted fault of what it may ask, in order of time; those that overlap are one. */
  readonly recoveries: readonly RecoveryResult[];
}

/** Over served requests; absent values (no request served) are null. */
export interface Percentiles {
  readonly mean: Estimate | null;
  readonly p50: Estimate | null;
  readonly p95: Estimate | null;
  readonly p99: Estimate | null;
}

export interface ObjectiveResult {
  /** As written: "ttft p95 < 2s". */
  readonly text: string;
  /** A cost objective is about dollars per month, the others are about shares of the offered requests. */
  readonly kind: "latency" | "success" | "degraded" | "wrong" | "cost";
  readonly verdict: Verdict;
  /** Share of offered requests that must meet it, 0 to 1 (0.95 for p95); for `cost` objectives the limit in dollars. */
  readonly target: number;
  /** Share of offered requests that met it; for `cost` the dollars per month. */
  readonly attained: Estimate;
  /** Share of the error budget left, as in `Point.margin`. */
  readonly budgetLeft: Estimate;
}
