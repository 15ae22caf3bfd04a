import type { Scenario } from "../../scenario/schema.ts";
import { changed } from "./chosen.ts";

const mostVectors = 1e12;

/**
 * So many times the vectors that stores hold at the start, rounded, of all stores unless named; at least one, and no more than the memory
 * of one of its replicas holds. @param factor above 0
 */
export function scaledCorpora(scenario: Scenario, factor: number, stores?: readonly string[]): Scenario {
  const vectorStores = changed(scenario.vectorStores, stores, (store) => {
    const { vectors, memory } = store;
    const most = memory === undefined ? mostVectors : Math.min(mostVectors, Math.floor(memory.limit / memory.bytesPerVector));
    return { ...store, vectors: Math.min(Math.max(1, Math.round(vectors * factor)), Math.max(vectors, most)) };
  });
  return { ...scenario, vectorStores };
}
