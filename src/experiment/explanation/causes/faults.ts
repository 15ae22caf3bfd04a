import { mapValues } from "../../../base/records.ts";
import type { Cause } from "../cause.ts";

/** Replicas do not crash, are not taken away, lost or slower than others, and machines are always to be had. */
export const faults: Cause = {
  name: "faults",
  words: "replica faults",
  plural: true,
  removed: (scenario) => ({ ...scenario, pools: mapValues(scenario.pools, (pool) => ({ ...pool, faults: {} })) }),
};
