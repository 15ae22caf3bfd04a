import type { Estimate, Verdict } from "./result.ts";

/** How much more traffic a system takes before it misses its SLO, and what is then in the way. Multiples are of the scenario's traffic. */
export interface CapacityResult {
  /**
   * The headroom factor: the largest multiple that keeps the SLO by the means, going up from the least that keeps it, surely if one does.
   * Null where they keep it at the largest multiple tried, or at none.
   */
  readonly factor: number | null;
  /** The multiple up to which, from there, the SLO is surely met at all tried; null where it is at none. */
  readonly low: number | null;
  /** The least multiple tried at which the SLO is surely missed; null where it is at none. */
  readonly high: number | null;
  /** The least and the largest multiple tried. */
  readonly least: number;
  readonly largest: number;
  /** Share by which the multiples around the factor may differ; around `low` and `high` also by a quarter of the way to the factor. */
  readonly resolution: number;
  /** The objective that is tightest just beyond the factor; null where nothing breaks. */
  readonly breaks: Break | null;
  /** What twice as much of each resource would do just beyond the factor, what helps most first; empty where nothing breaks. */
  readonly remedies: readonly RemedyResult[];
  /** The resource in the remedies for want of which the objective breaks; null where none helps with certainty. */
  readonly binding: string | null;
  /** A larger multiple that surely keeps the SLO although a smaller one surely misses it; null where there is none among those tried. */
  readonly again: { readonly missed: number; readonly kept: number } | null;
}

export interface Break {
  readonly className: string;
  /** As written: "ttft p95 < 2s". */
  readonly text: string;
  readonly kind: "latency" | "success" | "degraded" | "wrong" | "cost";
  /** The multiple at which it is looked at, and what it attains there: a share of the offered requests, or dollars a month. */
  readonly at: number;
  readonly attained: Estimate;
}

/** The system just beyond the factor with twice as much of one resource, against itself without, paired by replication. */
export interface RemedyResult {
  /** "replicas in gpus", "KV blocks in gpus", "limits of openai". */
  readonly resource: string;
  /** Change of the share of offered requests that meet the objective which breaks. */
  readonly gain: Estimate;
  /** True when the interval of the gain lies above 0. */
  readonly significant: boolean;
  /** What the share becomes. */
  readonly attained: Estimate;
  /** Of all objectives. */
  readonly verdict: Verdict;
}
