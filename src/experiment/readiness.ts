import { mapValues } from "../base/records.ts";
import { hoursPerMonth } from "../cost/replica-money.ts";
import { estimate } from "./estimate.ts";
import { missesIn } from "./misses.ts";
import { type Simulated, simulatePlans } from "./plan.ts";
import type { Readiness } from "./result.ts";
import type { Runner } from "./runner.ts";
import { secondsMeasured } from "./spans.ts";
import type { Summary } from "./summary.ts";

/**
 * What readiness costs, and what it prevents: the plan against itself without its warm pools, on the same seeds, so that both meet the
 * same requests. Undefined when nothing is kept warm.
 */
export async function readinessOf({ plan, replications }: Simulated, runner: Runner): Promise<Readiness | undefined> {
  const { scenario } = plan.decoded;
  const warm = Object.entries(scenario.pools).flatMap(([name, { warm: kept }]) =>
    kept === undefined || kept.size === 0 ? [] : [[name, { size: kept.size, state: kept.state }] as const],
  );
  if (warm.length === 0) return undefined;
  const pools = mapValues(scenario.pools, (pool) => ({ ...pool, warm: pool.warm && { ...pool.warm, size: 0 } }));
  const [without] = await simulatePlans([{ ...plan, decoded: { ...plan.decoded, scenario: { ...scenario, pools } } }], runner);

  const seconds = secondsMeasured(scenario);
  const paired = (amount: (summary: Summary) => number): number[] =>
    replications.map(({ summary }, i) => amount(summary) - amount(without.replications[i].summary));
  const money = estimate(paired((summary) => summary.money.total.usd_per_month));
  const misses = estimate(paired((summary) => -missesIn(summary, seconds)));
  const usd = (money.mean / hoursPerMonth) * (seconds / 3600);
  return {
    warm: Object.fromEntries(warm),
    usd_per_month: money,
    missesPrevented: misses,
    coldWaitsPrevented: estimate(paired((summary) => -coldWaitsIn(summary))),
    usd_per_miss_prevented: misses.low !== undefined && misses.low > 0 ? usd / misses.mean : null,
  };
}

function coldWaitsIn({ meters }: Summary): number {
  return Object.values(meters.pools).reduce((sum, { coldWaits }) => sum + coldWaits, 0);
}
