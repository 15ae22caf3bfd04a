import { mapValues } from "../../../base/records.ts";
import type { Scenario } from "../../../scenario/schema.ts";
import { namesOnPaths } from "../../economics/without-cache.ts";
import type { Cause } from "../cause.ts";
import { instantStore } from "./retrieval.ts";

type Cache = Scenario["caches"][string];

/** Look-ups take no time, those of semantic caches with their embedding and the store that nothing else reads. Tokens embedded cost as much. */
export const cache: Cause = {
  name: "cache",
  words: "cache look-ups",
  plural: true,
  removed: (scenario) => {
    const onPaths = namesOnPaths(scenario);
    const looked = new Set(Object.values(scenario.caches).flatMap((one) => (one.kind === "semantic" ? [one.store] : [])));
    return {
      ...scenario,
      caches: mapValues(scenario.caches, (one) => instantCache(one, scenario)),
      vectorStores: mapValues(scenario.vectorStores, (store, name) =>
        looked.has(name) && !onPaths.has(name) ? instantStore(store) : store,
      ),
    };
  },
};

function instantCache(given: Cache, { providers }: Scenario): Cache {
  if (given.kind === "exact") return { ...given, latency: 0 };
  const { embedding } = given;
  const named = typeof embedding === "string";
  const perMillionTokens = named ? (providers[embedding]?.model.inputPerMillion ?? 0) : embedding.perMillionTokens;
  return { ...given, embedding: { latency: { constant: 0 }, perMillionTokens } };
}
