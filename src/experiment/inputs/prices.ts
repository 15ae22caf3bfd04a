import { mapValues } from "../../base/records.ts";
import type { Scenario } from "../../scenario/schema.ts";
import { changed } from "./chosen.ts";

type Of<Room extends "pools" | "providers" | "vectorStores" | "caches"> = Scenario[Room][string];

/**
 * So many times all prices of the pools, providers, vector stores and caches named, of all unless given. Penalties are no prices.
 * @param factor at least 0
 */
export function scaledPrices(scenario: Scenario, factor: number, of?: readonly string[]): Scenario {
  return {
    ...scenario,
    pools: changed(scenario.pools, of, (pool) => scaledPool(pool, factor)),
    providers: changed(scenario.providers, of, (provider) => scaledProvider(provider, factor)),
    vectorStores: changed(scenario.vectorStores, of, (store) => scaledStore(store, factor)),
    caches: changed(scenario.caches, of, (cache) => scaledCache(cache, factor)),
  };
}

function scaledPool(pool: Of<"pools">, factor: number): Of<"pools"> {
  const { price, warm } = pool;
  return {
    ...pool,
    price: price && {
      ...price,
      perReplicaHour: times(price.perReplicaHour, factor),
      perGpuHour: price.perGpuHour && mapValues(price.perGpuHour, (usd) => usd * factor),
      reserved: price.reserved && { ...price.reserved, perReplicaHour: price.reserved.perReplicaHour * factor },
      spot: price.spot && { ...price.spot, perReplicaHour: price.spot.perReplicaHour * factor },
    },
    warm: warm && { ...warm, perReplicaHour: times(warm.perReplicaHour, factor) },
  };
}

function scaledProvider(provider: Of<"providers">, factor: number): Of<"providers"> {
  const { model, price } = provider;
  const { above } = model;
  const usual = { inputPerMillion: model.inputPerMillion * factor, outputPerMillion: model.outputPerMillion * factor };
  const long = above && {
    ...above,
    inputPerMillion: above.inputPerMillion * factor,
    outputPerMillion: above.outputPerMillion * factor,
  };
  const cachedInputPerMillion = times(model.cachedInputPerMillion, factor);
  const cacheWritePerMillion = times(model.cacheWritePerMillion, factor);
  return {
    ...provider,
    model: { ...model, ...usual, cachedInputPerMillion, cacheWritePerMillion, above: long },
    price: price && { perHour: price.perHour * factor },
  };
}

function scaledStore(store: Of<"vectorStores">, factor: number): Of<"vectorStores"> {
  const { perReplicaHour, reembed } = store;
  return {
    ...store,
    perReplicaHour: perReplicaHour * factor,
    reembed: reembed && { ...reembed, perMillionTokens: reembed.perMillionTokens * factor },
  };
}

function scaledCache(cache: Of<"caches">, factor: number): Of<"caches"> {
  const perHour = cache.perHour * factor;
  if (cache.kind === "exact" || typeof cache.embedding === "string") return { ...cache, perHour };
  return { ...cache, perHour, embedding: { ...cache.embedding, perMillionTokens: cache.embedding.perMillionTokens * factor } };
}

function times(usd: number | undefined, factor: number): number | undefined {
  return usd === undefined ? undefined : usd * factor;
}
