import type { KeyedRandom } from "../../kernel/random.ts";
import type { ClientMeter } from "../client-meter.ts";
import { codes } from "../codes.ts";
import { backoff } from "./backoff.ts";
import { createRetryBudget, type RetryBudget } from "./retry-budget.ts";
import type { RetryLoopSettings } from "./retry-settings.ts";
import { outcomeCode } from "../../traffic/outcome.ts";

type RetryMeter = Pick<ClientMeter, "retries" | "retriesForbidden">;

/** One loop of retries: that of calls, or the nested one of attempts at one target. */
export class RetryLoop {
  readonly budget: RetryBudget | undefined;
  private readonly settings: RetryLoopSettings;
  private readonly on: readonly boolean[];
  private readonly random: KeyedRandom;
  private readonly meter: RetryMeter;

  /** @param random for the jitter, keyed by the request's number */
  constructor(settings: RetryLoopSettings, random: KeyedRandom, meter: RetryMeter) {
    this.settings = settings;
    this.random = random;
    this.meter = meter;
    this.on = codes(settings.on);
    this.budget = settings.budget && createRetryBudget(settings.budget);
  }

  /** Whether it waits as long as a target says. @param retryAfter seconds, 0 when it says nothing */
  honours(retryAfter: number): boolean {
    return retryAfter > 0 && retryAfter <= this.settings.retryAfterMax;
  }

  /** Decides on a retry after an ending (a code of `outcomes`), and pays for it. @param made how often it was tried so far */
  mayRetry(made: number, verdict: number, retryAfter: number): boolean {
    const { attempts, retryAfterMax, retryAfterBeyond } = this.settings;
    if (made >= attempts || !this.on[verdict]) return false;
    if (retryAfterBeyond === "giveUp" && retryAfter > retryAfterMax) return false;
    this.meter.retries++;
    if (this.budget === undefined || this.budget.spend(verdict === outcomeCode.timedOut)) return true;
    this.meter.retriesForbidden++;
    return false;
  }

  /** Seconds of back-off. @param retry from 1; @param aspect tells the draws of one request apart */
  wait(number: number, retry: number, aspect: number): number {
    return backoff(this.settings.backoff, retry, this.random.of(number, aspect));
  }
}
