import { mapValues } from "../base/records.ts";
import { hoursPerMonth, perMonth, replicaMoney } from "../cost/replica-money.ts";
import { tokenMoney, type TokensByTier } from "../cost/token-money.ts";
import type { Scenario } from "../scenario/schema.ts";
import { billedStates, replicaHourPrice } from "../serving/pool-price.ts";
import type { Meters } from "./meters.ts";

/** What one replication cost; `null` where nothing was served, was good, or costs anything. */
export interface Money {
  /** Dollars per month, by pool, provider, cache, and vector store; the embeddings are those of semantic caches. */
  readonly pools: Readonly<Record<string, PoolMoney>>;
  readonly providers: Readonly<Record<string, ProviderMoney>>;
  readonly caches: Readonly<Record<string, number>>;
  readonly embeddings: Readonly<Record<string, number>>;
  readonly vectorStores: Readonly<Record<string, number>>;
  readonly total: {
    readonly usd_per_month: number;
    readonly usd_per_hour: number;
    readonly usd_per_1k_served: number | null;
    readonly usd_per_1k_output_tokens: number | null;
    readonly usd_per_1k_good: number | null;
    readonly degradation_usd_per_month: number;
    readonly wrong_usd_per_month: number;
    readonly idleShare: number | null;
  };
}

/** Dollars per month of one pool: all of it, and split in two ways. */
interface PoolMoney {
  readonly total: number;
  /** What it paid for clients who had left. */
  readonly wasted: number;
  readonly byPurchase: Readonly<Record<string, number>>;
  readonly byState: Readonly<Record<string, number>>;
}

/**
 * Dollars per month of one provider: all of it, which is for tokens and for what is provisioned; and what of it was paid for calls whose
 * clients had left, and for prompts again.
 */
interface ProviderMoney {
  readonly total: number;
  readonly tokens: number;
  readonly provisioned: number;
  readonly wasted: number;
  readonly repeated: number;
}

/** A pool without a price. */
const free: PoolMoney = { total: 0, wasted: 0, byPurchase: {}, byState: {} };

/** What the money bought: requests and output tokens served within the measured seconds. */
export interface Yield {
  readonly seconds: number;
  readonly served: number;
  readonly good: number;
  readonly outputTokens: number;
  /** Dollars of the penalties of all degraded answers, and of all wrong ones. */
  readonly penalties: number;
  readonly wrongPenalties: number;
}

export function moneyOf(scenario: Scenario, meters: Meters, bought: Yield): Money {
  const { seconds, served, good, outputTokens, penalties, wrongPenalties } = bought;
  let poolUsd = 0;
  let idleUsd = 0;
  const pools = mapValues(scenario.pools, (pool, name) => {
    const perReplicaHour = replicaHourPrice(pool);
    if (perReplicaHour === undefined) return free;
    const price = { ...pool.price, perReplicaHour, warmPerReplicaHour: pool.warm?.perReplicaHour, billedStates: billedStates(pool) };
    const meter = meters.pools[name];
    const money = replicaMoney({ seconds, ...meter }, price);
    poolUsd += money.usd;
    idleUsd += money.idleUsd;
    const monthly = (usd: number): number => perMonth(usd, seconds);
    const byState = mapValues(money.byState, monthly);
    return { total: monthly(money.usd), wasted: wastedMoney(meter, byState), byPurchase: mapValues(money.byPurchase, monthly), byState };
  });
  const providers = mapValues(scenario.providers, ({ model, price }, name) => {
    const { billed, wasted, repeated } = meters.providers[name];
    const monthly = (tokens: TokensByTier): number => perMonth(tokenMoney(tokens, model), seconds);
    const ofTokens = monthly(billed);
    const provisioned = (price?.perHour ?? 0) * hoursPerMonth;
    return { total: ofTokens + provisioned, tokens: ofTokens, provisioned, wasted: monthly(wasted), repeated: monthly(repeated) };
  });
  const caches = mapValues(scenario.caches, ({ perHour }) => perHour * hoursPerMonth);
  const totals = [...Object.values(pools), ...Object.values(providers)].map(({ total }) => total);
  const embeddings = mapValues(scenario.caches, (cache, name) => {
    const perMillion = cache.kind === "semantic" && typeof cache.embedding === "object" ? cache.embedding.perMillionTokens : 0;
    return perMonth((meters.caches[name].embeddedTokens * perMillion) / 1e6, seconds);
  });
  const vectorStores = mapValues(scenario.vectorStores, ({ replicas, perReplicaHour, reembed }, name) => {
    const perVector = reembed === undefined ? 0 : (reembed.tokensPerVector * reembed.perMillionTokens) / 1e6;
    // A change of the embedding model comes once, so that a short run does not make several a month of it.
    return replicas * perReplicaHour * hoursPerMonth + meters.vectorStores[name].backfilled * perVector;
  });
  const degradation = perMonth(penalties, seconds);
  const wrong = perMonth(wrongPenalties, seconds);
  const others = [caches, embeddings, vectorStores].flatMap((one) => Object.values(one));
  const parts = [...totals, ...others, degradation, wrong];
  const usd_per_month = parts.reduce((sum, usd) => sum + usd, 0);
  const usd_per_hour = usd_per_month / hoursPerMonth;
  const per = (units: number): number | null => (units === 0 ? null : ((usd_per_hour / 3600) * seconds * 1000) / units);
  return {
    pools,
    providers,
    caches,
    embeddings,
    vectorStores,
    total: {
      usd_per_month,
      usd_per_hour,
      usd_per_1k_served: per(served),
      usd_per_1k_output_tokens: per(outputTokens),
      usd_per_1k_good: per(good),
      degradation_usd_per_month: degradation,
      wrong_usd_per_month: wrong,
      idleShare: poolUsd === 0 ? null : idleUsd / poolUsd,
    },
  };
}

/** The part of the money for replicas that served, or were finishing, that paid for clients who had left. */
function wastedMoney({ stateSeconds, wastedSeconds }: Meters["pools"][string], byState: Readonly<Record<string, number>>): number {
  const servingSeconds = stateSeconds.ready + stateSeconds.draining;
  return servingSeconds === 0 ? 0 : (((byState["ready"] ?? 0) + (byState["draining"] ?? 0)) * wastedSeconds) / servingSeconds;
}
