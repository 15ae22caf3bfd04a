import { mapValues } from "../../../base/records.ts";
import type { Cause } from "../cause.ts";

/** Nothing is worked on for a client who has left. */
export const abandonedWork: Cause = {
  name: "abandonedWork",
  words: "abandoned work",
  plural: false,
  removed: (scenario) => ({ ...scenario, pools: mapValues(scenario.pools, (pool) => ({ ...pool, onCancel: "abort" })) }),
};
