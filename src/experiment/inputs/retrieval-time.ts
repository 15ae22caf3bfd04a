import { scaledDistribution } from "../../kernel/distributions/scaled.ts";
import type { Scenario } from "../../scenario/schema.ts";
import { changed } from "./chosen.ts";

/** Reads and writes of vector stores that take so many times as long, of all unless named. @param factor above 0 */
export function scaledRetrievalTime(scenario: Scenario, factor: number, stores?: readonly string[]): Scenario {
  const vectorStores = changed(scenario.vectorStores, stores, (store) => ({
    ...store,
    read: scaledDistribution(store.read, factor),
    scan: store.scan && scaledDistribution(store.scan, factor),
    write: scaledDistribution(store.write, factor),
  }));
  return { ...scenario, vectorStores };
}
