import type { Estimate } from "./result.ts";

/**
 * Counts of the calls sent after the warm-up, and of what became of them. Of the calls, those not counted in `throttled` or `failed`
 * were answered, or were still under way at the end.
 */
export interface ProviderResult {
  readonly calls: Estimate;
  /** Calls refused by its limits, with a 429. */
  readonly throttled: Estimate;
  /** Of these, calls that never fit into a limit, such as a prompt of more tokens than it allows in a minute. */
  readonly oversized: Estimate;
  /** Calls that ended in an error, taken or not. */
  readonly failed: Estimate;
  /** Tokens that were billed: of prompts, and of answers. */
  readonly inputTokens: Estimate;
  readonly outputTokens: Estimate;
  /** Of `inputTokens`, those read from the prompt cache, and those written to it. */
  readonly cachedInputTokens: Estimate;
  readonly writtenInputTokens: Estimate;
  /** Of both, those of calls whose client had left before their end. */
  readonly wastedTokens: Estimate;
  /** Of `inputTokens`, those of requests that had been billed here or elsewhere for an earlier attempt. */
  readonly repeatedTokens: Estimate;
  /** Tokens of the prompts and answers of the calls taken in the busiest minute. */
  readonly busiestMinuteTokens: Estimate;
  /** Null unless its account, or the quota that it draws on, has provisioned units. */
  readonly units: UnitsResult | null;
  /** Tokens, and the price per hour where there is one. */
  readonly cost_usd_per_month: Estimate;
  /** Of it, what `wastedTokens` and `repeatedTokens` cost; a call may be in both. */
  readonly wasted_usd_per_month: Estimate;
  readonly repeated_usd_per_month: Estimate;
}

/**
 * Provisioned units: those of the account, and those that this provider's own traffic would need so that every request is taken when
 * it first asks, at the mean over time and in the busiest minute. A request counts once, however often it is sent.
 */
interface UnitsResult {
  readonly given: number;
  readonly needed: Estimate;
  readonly neededInBusiestMinute: Estimate;
}

/** Counts in each window. */
export interface ProviderSeries {
  readonly calls: readonly number[];
  /** Calls refused by its limits, with a 429. */
  readonly throttled: readonly number[];
  /** Tokens of the prompts and answers of the calls taken in the window. */
  readonly tokens: readonly number[];
  /** Times in which it was struck: `outages`, `brownOuts` or `overload`; those of the run's end end with it. */
  readonly outages: readonly { readonly fault: string; readonly from_s: number; readonly to_s: number }[];
}
