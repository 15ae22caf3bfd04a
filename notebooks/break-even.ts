/** One more warm replica against the plan with one fewer, replication by replication: what it prevents, costs, and may cost at most. */
import { assert } from "../src/base/assert.ts";
import { hoursPerMonth } from "../src/cost/replica-money.ts";
import { estimate } from "../src/experiment/estimate.ts";
import { missesIn } from "../src/experiment/misses.ts";
import type { Plan, Simulated } from "../src/experiment/plan.ts";
import type { Estimate } from "../src/experiment/result.ts";
import type { Summary } from "../src/experiment/summary.ts";

/** What the replica changes in one replication, scaled to a month of 730 h. */
export interface Change {
  /** Requests that meet their objectives with it, and would not without. */
  readonly missesPrevented: number;
  readonly warmHours: number;
  readonly usd: number;
  /** Of these, dollars for anything but time spent warm: replicas that are started earlier, or not at all. */
  readonly otherUsd: number;
}

export interface Step {
  /** Replicas kept warm, the one that is added among them. */
  readonly size: number;
  /** One of each replication: both plans meet the same requests in it. */
  readonly changes: readonly Change[];
}

/** @param simulated plans that keep ever one more replica of `pool` warm, on the same replications */
export function stepsOf(simulated: readonly Simulated[], pool: string): Step[] {
  return simulated.slice(1).map(({ plan, replications }, i) => {
    const { scenario } = plan.decoded;
    const size = warmOf(plan, pool);
    assert(size === warmOf(simulated[i].plan, pool) + 1, "each plan keeps one replica more warm than the one before");
    const seconds = scenario.horizon - scenario.warmup;
    const changes = replications.map(({ summary }, replication) => {
      const [more, fewer] = [summary, simulated[i].replications[replication].summary].map((one) => monthOf(one, pool, seconds));
      return {
        missesPrevented: fewer.misses - more.misses,
        warmHours: more.warmHours - fewer.warmHours,
        usd: more.usd - fewer.usd,
        otherUsd: more.usd - more.warmUsd - (fewer.usd - fewer.warmUsd),
      };
    });
    return { size, changes };
  });
}

function warmOf({ decoded }: Plan, pool: string): number {
  return decoded.scenario.pools[pool].warm?.size ?? 0;
}

function monthOf(summary: Summary, pool: string, seconds: number) {
  const months = seconds / 3600 / hoursPerMonth;
  return {
    misses: missesIn(summary, seconds) / months,
    warmHours: summary.meters.pools[pool].stateSeconds.warm / 3600 / months,
    usd: summary.money.total.usd_per_month,
    warmUsd: summary.money.pools[pool].byState["warm"],
  };
}

/** Several steps taken at once, up to the size of the last of them. */
export function together(steps: readonly Step[]): Step {
  const sum = (replication: number, key: keyof Change): number =>
    steps.reduce((total, { changes }) => total + changes[replication][key], 0);
  const changes = steps[0].changes.map((_, i) => ({
    missesPrevented: sum(i, "missesPrevented"),
    warmHours: sum(i, "warmHours"),
    usd: sum(i, "usd"),
    otherUsd: sum(i, "otherUsd"),
  }));
  return { size: steps[steps.length - 1].size, changes };
}

export function missesPrevented({ changes }: Step): Estimate {
  return estimate(changes.map((change) => change.missesPrevented));
}

/** Dollars a month. */
export function priceOf({ changes }: Step): Estimate {
  return estimate(changes.map(({ usd }) => usd));
}

/** Dollars a month that are left when each miss prevented is worth `usdPerMiss`. */
export function gainOf({ changes }: Step, usdPerMiss: number): Estimate {
  return estimate(changes.map((change) => usdPerMiss * change.missesPrevented - change.usd));
}

/** Dollars that a warm replica-hour may cost so that the replica just pays for itself. */
export function breakEvenPrice({ changes }: Step, usdPerMiss: number): Estimate {
  return estimate(changes.map((change) => (usdPerMiss * change.missesPrevented - change.otherUsd) / change.warmHours));
}

/** Dollars that a miss must cost so that the replica just pays for itself at its price; null unless it surely prevents some. */
export function breakEvenMiss(step: Step): number | null {
  const misses = missesPrevented(step);
  return misses.low !== undefined && misses.low > 0 ? priceOf(step).mean / misses.mean : null;
}

/** Whether the replica pays for itself at its price; undecided where the interval of the gain spans zero. */
export function verdictOn(step: Step, usdPerMiss: number): "pays" | "does not pay" | "undecided" {
  const { low, high } = gainOf(step, usdPerMiss);
  if (low !== undefined && low > 0) return "pays";
  return high !== undefined && high < 0 ? "does not pay" : "undecided";
}
