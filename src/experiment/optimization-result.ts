import type { Estimate } from "./result.ts";

/** How the cheapest plan was found, how sure it is, and what comes next to it. */
export interface Optimization {
  /** Plans of the grid; of these, how many are known to contradict themselves, and so are none. */
  readonly plans: number;
  readonly impossible: number;
  /** Plans by what decided them. */
  readonly decidedBy: {
    /** Cost at least as much as the plan found, whatever comes. */
    readonly bound: number;
    /** Have less than a plan that clearly misses. */
    readonly less: number;
    /** Were simulated, and miss or cannot be sure to meet every objective any more. */
    readonly missed: number;
    /** Were simulated, and cost more than the plan found. */
    readonly dearer: number;
    /** Have more than a plan that costs more than the plan found. */
    readonly more: number;
    /** Met every objective, each the cheapest so far. */
    readonly met: number;
  };
  readonly replications: {
    /** Simulated until the plan was found, and what the whole grid would have taken. */
    readonly search: number;
    readonly grid: number;
    readonly share: number;
    /** On fresh seeds. */
    readonly verification: number;
    /** For the runner-up, the greater confidence, the regrets and what else is told of the plan. */
    readonly asides: number;
  };
  /** Index in `points` of the plan that comes nearest to the SLO, where none meets it; else null. */
  readonly nearest: number | null;
  /** The cheapest that is left without the plan found; null where there is none, or nothing was found. */
  readonly runnerUp: Chosen | null;
  /** What is found when every interval must be surer. */
  readonly surer: { readonly confidence: number; readonly choice: Chosen | null };
  /** One per case of demand, hardest first; empty where the demand is as the scenario has it. */
  readonly cases: readonly CaseResult[];
}

/** A plan by its values, one per axis that was varied, with the mean of its cost over the cases of demand. */
export interface Chosen {
  readonly values: readonly string[];
  readonly usd_per_month: number;
}

export interface CaseResult {
  readonly name: string;
  /** Multiple of the scenario's traffic; 1 for a trace in its place. */
  readonly factor: number;
  /** Of the plan that holds in all cases; null where there is none. */
  readonly usd_per_month: Estimate | null;
  /** The cheapest plan for this case alone. */
  readonly best: Chosen | null;
  /** What the plan that holds in all costs here beyond that; null where one of both is missing. */
  readonly regret_usd_per_month: number | null;
}
