import { exp, log1p, power } from "../../kernel/elementary.ts";
import { normalQuantile } from "../../kernel/normal.ts";
import { type Drift, isUncertain, type UncertainChange } from "../../scenario/drift.ts";
import type { Scenario } from "../../scenario/schema.ts";
import { scaledCorpora } from "../inputs/corpora.ts";
import { scaledHitRates } from "../inputs/hit-rates.ts";
import { scaledLengths } from "../inputs/lengths.ts";
import { scaledPrices } from "../inputs/prices.ts";
import { scaledTraffic } from "../inputs/traffic.ts";

/** How much demand there is, where its growth is uncertain: the growth that is not exceeded with this probability. */
const demands = { p50: 0.5, p90: 0.9, p99: 0.99 } as const;

export type Demand = keyof typeof demands;

/**
 * What the traffic is multiplied by from one month to the next. Of two quantiles the growth is log-normal through both, and the same in
 * all months: a market that grows faster than was thought does so throughout.
 */
export function monthlyFactor({ p50, p90 }: UncertainChange, demand: Demand): number {
  const [middle, high] = [log1p(p50), log1p(p90)];
  return exp(middle + ((high - middle) * normalQuantile(demands[demand])) / normalQuantile(demands.p90));
}

/**
 * The scenario after so many months of its drift; month 0 is as it stands.
 * @param demand which of the ways that uncertain traffic may go
 */
export function scenarioIn(scenario: Scenario, month: number, demand: Demand): Scenario {
  const { drift = {}, ...now } = scenario;
  const after = (change: number): number => power(1 + change, month);
  const byName = (changes: Drift["prices"], scaled: (one: Scenario, factor: number, names?: readonly string[]) => Scenario) => {
    if (changes === undefined) return (one: Scenario) => one;
    if (typeof changes === "number") return (one: Scenario) => scaled(one, after(changes));
    return (one: Scenario) => Object.entries(changes).reduce((sum, [name, change]) => scaled(sum, after(change), [name]), one);
  };
  const { traffic } = drift;
  const steps = [
    isUncertain(traffic)
      ? (one: Scenario) => scaledTraffic(one, power(monthlyFactor(traffic, demand), month))
      : byName(traffic, scaledTraffic),
    byName(drift.inputTokens, (one, input, classes) => scaledLengths(one, { input }, classes)),
    byName(drift.outputTokens, (one, output, classes) => scaledLengths(one, { output }, classes)),
    byName(drift.hitRate, scaledHitRates),
    byName(drift.vectors, scaledCorpora),
    byName(drift.prices, scaledPrices),
  ];
  return steps.reduce((one, step) => step(one), now as Scenario);
}

/** What the traffic of each class is multiplied by since month 0. */
export function trafficSince(before: Scenario, after: Scenario): Record<string, number> {
  return Object.fromEntries(
    Object.entries(after.traffic).map(([name, { arrivals }]) => [name, arrivals.rateScale / before.traffic[name].arrivals.rateScale]),
  );
}

/** Growth for which several demands are looked at, most likely first. */
export function demandsOf({ drift }: Scenario): Demand[] {
  return isUncertain(drift?.traffic) ? (Object.keys(demands) as Demand[]) : ["p50"];
}
