import { mapValues } from "../../../base/records.ts";
import { withReplicas } from "../../inputs/replicas.ts";
import type { Cause } from "../cause.ts";

const times = 4;

/** So many times the replicas in every pool, and the attempts that may be at all of them together. */
export const busy: Cause = {
  name: "busy",
  words: `busy replicas (×${times})`,
  plural: true,
  removed: (scenario) => {
    const pools = mapValues(scenario.pools, (pool) => {
      const { total, ...concurrency } = pool.concurrency;
      const more = total === undefined ? pool.concurrency : { ...concurrency, total: times * total };
      return { ...withReplicas(pool, (count) => times * count), concurrency: more };
    });
    return { ...scenario, pools };
  },
};
