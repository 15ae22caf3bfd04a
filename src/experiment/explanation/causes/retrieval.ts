import { mapValues } from "../../../base/records.ts";
import type { Scenario } from "../../../scenario/schema.ts";
import type { Cause } from "../cause.ts";

type Store = Scenario["vectorStores"][string];

/** Vector stores answer at once and always: nothing is rebuilt, down, short of memory or written. */
export const retrieval: Cause = {
  name: "retrieval",
  words: "retrieval",
  plural: false,
  removed: (scenario) => ({ ...scenario, vectorStores: mapValues(scenario.vectorStores, instantStore) }),
};

export function instantStore(store: Store): Store {
  const never = { scan: undefined, memory: undefined, rebuild: undefined, outages: undefined, reembed: undefined };
  return { ...store, ...never, read: { constant: 0 }, write: { constant: 0 }, writes: 0, queue: {} };
}
