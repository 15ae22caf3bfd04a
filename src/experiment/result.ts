import type { ProfileUse } from "../scenario/document/profiles.ts";
import type { WarmState } from "../serving/fleet/lifecycle.ts";
import type { Outcome } from "../traffic/outcome.ts";
import type { Batches } from "./batches.ts";
import type { ClassResult } from "./class-result.ts";
import type { CapacityResult } from "./capacity-result.ts";
import type { CacheEconomics, CacheResult, CacheSeries } from "./cache-result.ts";
import type { ForecastResult } from "./forecast-result.ts";
import type { Explanation } from "./explanation-result.ts";
import type { GateResult } from "./client-result.ts";
import type { Optimization } from "./optimization-result.ts";
import type { PoolResult, PoolSeries } from "./pool-result.ts";
import type { ProviderResult, ProviderSeries } from "./provider-result.ts";
import type { Precision } from "./precision.ts";
import type { Stuck } from "./recovery-result.ts";
import type { BlastRadius, VectorStoreResult, VectorStoreSeries } from "./retrieval-result.ts";
import type { WarmUp } from "./warm-up.ts";

/**
 * What every experiment ends in, and what `result.json` holds: schema `headroom/result/1`. All a report needs is here;
 * durations end in `_s`, rates in `_per_s`, money begins with `usd_` or holds `_usd_`; shares are from 0 to 1, counts are bare. Objects
 * keep a fixed order of keys.
 */
export interface Result {
  readonly schema: "headroom/result/1";
  readonly kind: "simulate" | "compare" | "sweep" | "capacity" | "optimize" | "forecast" | "explain";
  /** The scenario's own name. */
  readonly name: string;
  readonly version: string;
  /** Hash of the resolved scenario and of the traces it reads, so that two results can be told apart. */
  readonly scenarioHash: string;
  readonly seed: number;
  /** The command that repeats this run. */
  readonly command: string;
  readonly horizon_s: number;
  readonly warmup_s: number;
  readonly replications: number;
  /** Parts of the one replication that stand in for replications, in all estimates and counts; absent unless it is cut. */
  readonly batches?: number;
  /** Confidence of all intervals, 0.95. */
  readonly confidence: number;
  /** What a sweep varied; empty for simulate and compare. */
  readonly axes: readonly Axis[];
  /** One per system simulated, in grid order (last axis fastest). */
  readonly points: readonly Point[];
  /** The objective that `attainment` is of in every point; absent without an SLO on requests. */
  readonly watched?: WatchedObjective;
  /** For compare: each later system minus the first, paired by replication under common random numbers. */
  readonly differences: readonly Difference[];
  /** Index in `points` of the plan that the advice names; absent when nothing can be recommended. */
  readonly best?: number;
  /** How the best plan of a search did on fresh seeds, which had no part in choosing it; absent where nothing was searched for. */
  readonly verification?: Verification;
  /** How the plan advised, or the one system simulated, does when its engines are slower; absent where no profile states an error. */
  readonly slowerEngines?: SlowerEngines;
  /** What the warm pools of the plan advised, or of the one system simulated, cost and prevent; absent where nothing is kept warm. */
  readonly readiness?: Readiness;
  /** Systems that did not recover from a disturbance, and what holds them down; absent in a sweep, and where all recovered. */
  readonly stuck?: readonly Stuck[];
  /** What the troubles of vector stores did to whoever depends on them; absent in a sweep, and where there were none. */
  readonly blastRadius?: readonly BlastRadius[];
  /** How the warm-up was found; absent where it was given. */
  readonly warmUp?: WarmUp;
  /** How precise the numbers became by adding replications; absent where none was asked for. */
  readonly precision?: Precision;
  /** The headroom factor; only of kind "capacity". */
  readonly capacity?: CapacityResult;
  /** When it breaks; only of kind "forecast". */
  readonly forecast?: ForecastResult;
  /** For explain: what each cause of misses is worth, and each input. */
  readonly explanation?: Explanation;
  /** How the cheapest plan was searched for; of an optimization. */
  readonly optimization?: Optimization;
  /** One plain sentence derived from the numbers above. */
  readonly advice: string;
  /** Doubtful statistics, such as too few requests; never a mistake of the input. */
  readonly warnings: readonly string[];
  /** Facts from the catalogue that the numbers rest on: where the scenario uses each, and how it came to be known. */
  readonly profiles: readonly ProfileUse[];
}

export interface Axis {
  readonly path: string;
  /** Short name for table headers: the last telling part of the path. */
  readonly label: string;
  /** As the user wrote them. */
  readonly values: readonly string[];
}

/** A mean over replications, or batches of one, with its confidence interval; with one value `low` and `high` are absent. */
export interface Estimate {
  readonly mean: number;
  readonly low?: number;
  readonly high?: number;
}

export interface Verification {
  readonly replications: number;
  readonly verdict: Verdict;
  readonly attainment: Estimate;
  readonly usd_per_month: Estimate;
}

/** Every iteration of a pool's engine takes longer by the median error that its profile states of the time per output token. */
export interface SlowerEngines {
  /** By pool, as shares: a `tpot` of 0.02 made iterations 2 % longer. What is stated of the time to first token stands beside it. */
  readonly by: Readonly<Record<string, { readonly tpot: number; readonly ttft?: number }>>;
  readonly replications: number;
  readonly verdict: Verdict;
  readonly attainment: Estimate;
  readonly usd_per_month: Estimate;
}

/** The plan against itself without its warm pools, paired by replication: with them minus without, or what they prevented. */
export interface Readiness {
  readonly warm: Readonly<Record<string, { readonly size: number; readonly state: WarmState }>>;
  readonly usd_per_month: Estimate;
  /** Requests a replication that would have failed some objective of their class, or not been served. */
  readonly missesPrevented: Estimate;
  readonly coldWaitsPrevented: Estimate;
  /** Null unless the interval of the misses prevented lies above 0. */
  readonly usd_per_miss_prevented: number | null;
}

/** The objective that is tightest, that is has least error budget left, in most points. */
export interface WatchedObjective {
  readonly className: string;
  /** As written: "ttft p95 < 2s". */
  readonly text: string;
  /** Share of offered requests that must meet it. */
  readonly target: number;
}

export type Verdict = "met" | "missed" | "undecided";

export interface Point {
  /** "base", a file, a variant, or what was varied with its values; unique within a result. */
  readonly name: string;
  /** One per axis, as in `Axis.values`. */
  readonly values: readonly string[];
  /** As many as estimates are of: of a replication that is cut the batches. */
  readonly replications: number;
  /** Absent unless batches of one replication stand in for several. */
  readonly batches?: Batches;
  readonly verdict: Verdict;
  readonly classes: Readonly<Record<string, ClassResult>>;
  readonly pools: Readonly<Record<string, PoolResult>>;
  readonly providers: Readonly<Record<string, ProviderResult>>;
  readonly caches: Readonly<Record<string, CacheResult>>;
  /** What each of them is worth; absent where that was not asked. */
  readonly economics?: Readonly<Record<string, CacheEconomics>>;
  readonly vectorStores: Readonly<Record<string, VectorStoreResult>>;
  /** Gateways that classes share. */
  readonly gateways: Readonly<Record<string, GateResult>>;
  readonly cost: CostResult;
  /** Share of offered requests that met the watched objective; without an SLO the share served. */
  readonly attainment: Estimate;
  /**
   * Share of its error budget that the tightest objective has left: 1 when nothing missed it, 0 when as much as is allowed, negative
   * beyond. Of a cost objective the budget is its limit. 1 when there is no SLO.
   */
  readonly margin: Estimate;
  /** Requests per second, over all classes, that met every objective of their class. */
  readonly goodput_per_s: Estimate;
  /** Share of busy replica time spent on requests whose client had left. */
  readonly wastedShare: Estimate;
  /** Over time, from the first replication. */
  readonly series: Series;
}

export { type Outcome, outcomes } from "../traffic/outcome.ts";
export type { ClassResult, ObjectiveResult, Percentiles } from "./class-result.ts";

export interface CostResult {
  readonly usd_per_month: Estimate;
  readonly usd_per_hour: Estimate;
  readonly usd_per_1k_served: Estimate | null;
  readonly usd_per_1k_output_tokens: Estimate | null;
  readonly usd_per_1k_good: Estimate | null;
  /** What degraded answers cost in esteem, by their rungs' penalties; among the dollars above. */
  readonly degradation_usd_per_month: Estimate;
  /** The same of wrong answers. */
  readonly wrong_usd_per_month: Estimate;
  /** Share of the pools' money that paid for replica time in which nothing ran: idle, starting, warm; null when pools cost nothing. */
  readonly idleShare: Estimate | null;
}

export interface Difference {
  /** Names of two points. */
  readonly from: string;
  readonly to: string;
  readonly metric: string;
  readonly unit: "share" | "usd_per_month" | "s" | "count";
  readonly difference: Estimate;
  /** True when the interval excludes zero. */
  readonly significant: boolean;
  /**
   * What common random numbers gain: independent seeds would take so many times the replications for an interval as narrow; below 1 they
   * lose. Null with one replication, and where the difference is the same in all.
   */
  readonly varianceReduction: number | null;
}

/** Columns over equal windows of the horizon; the i-th window starts at `i · window_s`. Empty windows are null. */
export interface Series {
  readonly window_s: number;
  readonly classes: Readonly<Record<string, ClassSeries>>;
  readonly pools: Readonly<Record<string, PoolSeries>>;
  readonly providers: Readonly<Record<string, ProviderSeries>>;
  readonly caches: Readonly<Record<string, CacheSeries>>;
  readonly vectorStores: Readonly<Record<string, VectorStoreSeries>>;
}

export interface ClassSeries {
  /** Arrivals in the window. */
  readonly offered: readonly number[];
  /** Of these, how many met every objective of their class. */
  readonly good: readonly number[];
  /** Attempts sent in the window, for requests of whichever window. */
  readonly attempts: readonly number[];
  /** By window of arrival. */
  readonly outcomes: Readonly<Record<Outcome, readonly number[]>>;
  readonly ttft_p50_s: readonly (number | null)[];
  readonly ttft_p95_s: readonly (number | null)[];
  readonly ttft_p99_s: readonly (number | null)[];
  readonly total_p95_s: readonly (number | null)[];
  /** Mean seconds at each stage before the targets, of those that came to it, by window of arrival. */
  readonly stages: Readonly<Record<string, readonly (number | null)[]>>;
}
