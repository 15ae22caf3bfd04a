import type { Scenario } from "../scenario/schema.ts";
import type { CacheEconomics, MoneyPart } from "./cache-result.ts";
import { partsOf } from "./economics/money-parts.ts";
import { differInCaches, embeddersOf, type Subject, subjectsOf } from "./economics/subject.ts";
import { estimate } from "./estimate.ts";
import { type LatencyChange, latencyChange } from "./latencies.ts";
import { type Plan, type Simulated, simulatePlans } from "./plan.ts";
import type { Estimate, Point } from "./result.ts";
import type { Finished, Runner } from "./runner.ts";
import type { Summary } from "./summary.ts";

/**
 * The points with what the caches are worth: at every point where plans differ in a cache, since that is then the question, else at
 * the best alone.
 */
export async function withEconomics(
  simulated: readonly Simulated[],
  points: readonly Point[],
  best: number | undefined,
  runner: Runner,
): Promise<Point[]> {
  const everywhere = differInCaches(simulated.map(({ plan }) => plan.decoded.scenario));
  return Promise.all(
    points.map(async (point, i) => {
      if (!everywhere && i !== best) return point;
      const economics = await economicsOf(simulated[i], runner);
      return Object.keys(economics).length === 0 ? point : { ...point, economics };
    }),
  );
}

/** What each cache of a plan is worth, by counterfactual runs on the same seeds, so that all meet the same requests. */
async function economicsOf({ plan, replications }: Simulated, runner: Runner): Promise<Record<string, CacheEconomics>> {
  const { scenario } = plan.decoded;
  const subjects = subjectsOf(
    scenario,
    replications.map(({ summary }) => summary),
  );
  const embedders = embeddersOf(scenario);
  const economics = subjects.map(async (subject) => {
    const changed = (other: Scenario): Plan => ({ ...plan, decoded: { ...plan.decoded, scenario: other } });
    const plans = [changed(subject.without), changed(subject.fruitless)];
    const [without, fruitless] = await simulatePlans(plans, runner, { latencies: subject.classes !== undefined });
    return [subject.name, worthOf(subject, replications, without.replications, fruitless.replications, embedders)] as const;
  });
  return Object.fromEntries(await Promise.all(economics));
}

function worthOf(
  { hitShare, classes, name, priced }: Subject,
  withIt: readonly Finished[],
  withoutIt: readonly Finished[],
  fruitless: readonly Finished[],
  embedders: ReadonlySet<string>,
): CacheEconomics {
  const saved = (amount: (summary: Summary) => number): Estimate =>
    estimate(withIt.map(({ summary }, i) => change(amount(summary), amount(withoutIt[i].summary))));
  const money = ({ money: { total } }: Summary): number => total.usd_per_month;
  const parts = [withIt, withoutIt].map((runs) => runs.map(({ summary }) => partsOf(summary.money, embedders)));
  const byPart = (Object.keys(parts[0][0]) as MoneyPart[]).flatMap((part) => {
    const changes = parts[0].map((spent, i) => change(spent[part], parts[1][i][part]));
    return changes.every((one) => one === 0) ? [] : [[part, estimate(changes)] as const];
  });
  const cost = fruitless.map(({ summary }, i) => change(money(withoutIt[i].summary), money(summary)));
  const gross = fruitless.map(({ summary }, i) => change(money(withIt[i].summary), money(summary)));
  const shares = withIt.map(({ summary }) => hitShare(summary));
  return {
    net_usd_per_month: saved(money),
    saved_usd_per_month: Object.fromEntries(byPart),
    cost_usd_per_month: estimate(cost),
    attemptsSaved: saved(({ meters }) => sum(Object.values(meters.clients), ({ sent }) => sent)),
    tokensSaved: saved(({ meters }) =>
      sum(Object.values(meters.providers), ({ billed }) => tokensOf(billed.base) + tokensOf(billed.above)),
    ),
    replicaHoursSaved: saved(({ meters }) => sum(Object.values(meters.pools), ({ busySeconds }) => busySeconds / 3600)),
    ...latencyWorth(classes === undefined ? undefined : changesOf(name, classes, withIt, withoutIt)),
    hitShare: estimate(shares),
    breakEvenHitShare: priced ? breakEven(shares, cost, gross) : null,
  };
}

/** From the first to the second; the same sum added up in another order differs in its last digits, which is no change. */
function change(from: number, to: number): number {
  return Math.abs(to - from) <= 1e-12 * Math.abs(from) ? 0 : to - from;
}

/**
 * The hit rate at which hits save just what the cache costs, if so many times the hits save so many times as much. A ratio of means, with the
 * interval of its linear part; null where hits save nothing.
 */
function breakEven(shares: readonly number[], cost: readonly number[], gross: readonly number[]): Estimate | null {
  const [share, spent, saved] = [shares, cost, gross].map((values) => estimate(values).mean);
  if (saved <= 0) return null;
  const ratio = (share * spent) / saved;
  return estimate(shares.map((one, i) => ratio + ((one - share) * spent + (cost[i] - spent) * share - (gross[i] - saved) * ratio) / saved));
}

function changesOf(
  cache: string,
  classes: readonly number[],
  withIt: readonly Finished[],
  withoutIt: readonly Finished[],
): LatencyChange[] | undefined {
  const changes = withIt.flatMap(({ latencies }, i) => latencyChange(cache, classes, latencies!, withoutIt[i].latencies!) ?? []);
  return changes.length < withIt.length ? undefined : changes;
}

/** Replications without a hit, or without a miss, have no mean of it. */
function latencyWorth(changes: readonly LatencyChange[] | undefined): Pick<CacheEconomics, "hitGain_s" | "missLoss_s"> {
  const mean = (values: readonly number[]): Estimate | null => (values.length === 0 ? null : estimate(values));
  return {
    hitGain_s: mean((changes ?? []).flatMap(({ gained, hits }) => (hits === 0 ? [] : [gained / hits]))),
    missLoss_s: mean((changes ?? []).flatMap(({ lost, misses }) => (misses === 0 ? [] : [lost / misses]))),
  };
}

function tokensOf({ input, output }: { readonly input: number; readonly output: number }): number {
  return input + output;
}

function sum<T>(all: readonly T[], amount: (one: T) => number): number {
  return all.reduce((total, one) => total + amount(one), 0);
}
