import type { Estimate, Verification } from "./result.ts";

/** When a system that drifts breaks, what it costs until then, and what would hold from then on. Month 0 is the scenario as it stands. */
export interface ForecastResult {
  readonly months: number;
  /** One, or where the growth of traffic is uncertain one for each demand, the most likely first. */
  readonly courses: readonly Course[];
  /** The course that the next plan is for: that of p90 where growth is uncertain. */
  readonly planned: number;
  /** What the system is short of in the first month that it surely misses, or else is not sure of, as in `CapacityResult.binding`; null where nothing breaks, or no resource alone helps. */
  readonly binding: string | null;
  /** The cheapest plan that holds in the month that breaks; null where none was found, or nothing breaks. */
  readonly next: NextPlan | null;
  /** Why there is no next plan though something breaks, as the end of a sentence; null where that needs no words. */
  readonly noNext: string | null;
}

/** One way that it may go. */
export interface Course {
  /** The growth that is not exceeded with this probability, such as "p90"; null where growth is certain. */
  readonly demand: string | null;
  /** One per month from 0 on. */
  readonly monthly: readonly Month[];
  /** The first month in which objectives on requests are no longer surely all met, and the first in which one is surely missed. */
  readonly unsure: Breaking | null;
  readonly missed: Breaking | null;
  /** The first month in which a cost objective is surely missed. */
  readonly costMissed: Breaking | null;
  /** Cost of months 1 to the last together. */
  readonly usd_total: Estimate;
}

interface Month {
  /** Its place in `points`. */
  readonly point: number;
  /** By class, what the traffic of month 0 was multiplied by. */
  readonly traffic: Readonly<Record<string, number>>;
}

/** A month, and the objective that is tightest among those not met in it. */
export interface Breaking {
  readonly month: number;
  readonly className: string;
  /** As written: "ttft p95 < 2s". */
  readonly text: string;
}

export interface NextPlan {
  /** What sets it apart: "warm size 2", "5 replicas in gpus", "4 to 12 replicas in gpus". */
  readonly name: string;
  /** The month that it was tried in, and how many plans were. */
  readonly month: number;
  readonly tried: number;
  /** In that month. */
  readonly usd_per_month: Estimate;
  /** The last month from that on in which it surely meets every objective on requests throughout. */
  readonly holdsUntil: number;
  /** In the month that it was tried in. */
  readonly verification: Verification;
}
