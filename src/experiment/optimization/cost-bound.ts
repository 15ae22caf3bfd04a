import { hoursPerMonth } from "../../cost/replica-money.ts";
import type { Scenario } from "../../scenario/schema.ts";
import { replicaHourPrice } from "../../serving/pool-price.ts";

type Pool = Scenario["pools"][string];

/** Dollars per month that a part costs at least, whatever comes; never above what a simulation finds. */
export function leastCost(scenario: Scenario): Record<string, number> {
  const part = <T>(room: string, all: Readonly<Record<string, T>>, cost: (one: T) => number): (readonly [string, number])[] =>
    Object.entries(all).map(([name, one]) => [`${room}.${name}`, cost(one) * hoursPerMonth] as const);
  return Object.fromEntries([
    ...part("pools", scenario.pools, poolAtLeast),
    ...part("providers", scenario.providers, ({ price }) => price?.perHour ?? 0),
    ...part("caches", scenario.caches, ({ perHour }) => perHour),
    ...part("vectorStores", scenario.vectorStores, ({ replicas, perReplicaHour }) => replicas * perReplicaHour),
  ]);
}

/** What the least cost of each part follows from, as text: where it is the same, so is the cost. */
export function costSettings(scenario: Scenario): Record<string, string> {
  const part = <T>(room: string, all: Readonly<Record<string, T>>, of: (one: T) => unknown): (readonly [string, string])[] =>
    Object.entries(all).map(([name, one]) => [`${room}.${name}`, JSON.stringify(of(one))] as const);
  return Object.fromEntries([
    ...part("pools", scenario.pools, ({ engine: { gpu, gpus }, replicas, warm, price, faults }) => [
      gpu,
      gpus,
      replicas,
      warm,
      price,
      faults,
    ]),
    ...part("providers", scenario.providers, ({ price }) => price),
    ...part("caches", scenario.caches, ({ perHour }) => perHour),
    ...part("vectorStores", scenario.vectorStores, ({ replicas, perReplicaHour }) => [replicas, perReplicaHour]),
  ]);
}

/** Dollars per hour: what is reserved, and beyond it the replicas that are always there, at the lowest price they may have. */
function poolAtLeast(pool: Pool): number {
  const { price, replicas, warm, faults } = pool;
  const perHour = replicaHourPrice(pool);
  if (price === undefined || perHour === undefined) return 0;
  const reserved = (price.reserved?.count ?? 0) * (price.reserved?.perReplicaHour ?? 0);
  // Replicas that are lost, or not there to be had, are not paid for; nor are those that start, where only later states are billed.
  if (Object.keys(faults).length > 0 || price.billedFrom !== "provisioning") return reserved;
  const lowest = Math.min(perHour, price.spot?.perReplicaHour ?? Infinity);
  const own = warm?.perReplicaHour;
  const always = replicas.min + (own === undefined ? (warm?.size ?? 0) : 0);
  // A warm replica at a price of its own may be taken into what is reserved, and is then paid for already.
  const kept = own === undefined || price.reserved !== undefined ? 0 : (warm?.size ?? 0) * Math.min(own, lowest);
  return reserved + Math.max(0, always - (price.reserved?.count ?? 0)) * lowest + kept;
}
