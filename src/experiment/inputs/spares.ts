import type { Scenario } from "../../scenario/schema.ts";
import { changed } from "./chosen.ts";
import { movedCount } from "./counts.ts";

const mostKept = 1000;

/** So many times the replicas that pools keep warm, by one at least; in all unless named. @param factor above 0 */
export function scaledWarm(scenario: Scenario, factor: number, pools?: readonly string[]): Scenario {
  const changedPools = changed(scenario.pools, pools, (pool) => {
    const { warm } = pool;
    if (warm === undefined || warm.size === 0) return pool;
    return { ...pool, warm: { ...warm, size: Math.min(mostKept, movedCount(warm.size, factor, 0)) } };
  });
  return { ...scenario, pools: changedPools };
}

/** So many times the replicas of vector stores, by one at least and one at least; of all unless named. @param factor above 0 */
export function scaledStoreReplicas(scenario: Scenario, factor: number, stores?: readonly string[]): Scenario {
  const vectorStores = changed(scenario.vectorStores, stores, (store) => {
    return { ...store, replicas: Math.min(mostKept, movedCount(store.replicas, factor)) };
  });
  return { ...scenario, vectorStores };
}
