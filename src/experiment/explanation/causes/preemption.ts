import { mapValues } from "../../../base/records.ts";
import type { Cause } from "../cause.ts";

/** As good as without end: more tokens than any replica ever holds. */
const enough = 1_000_000_000;

/** Replicas hold any number of KV blocks. A pool that is scaled by how full they are keeps its own, since it would never grow. */
export const preemption: Cause = {
  name: "preemption",
  words: "KV pressure",
  plural: false,
  removed: (scenario) => {
    const pools = mapValues(scenario.pools, (pool) => {
      const { engine, scaling } = pool;
      const tracked = scaling?.targetTracking as { readonly metric: string } | undefined;
      if (engine.kvBlocks === undefined || tracked?.metric === "kvUse") return pool;
      return { ...pool, engine: { ...engine, kvBlocks: Math.max(enough, engine.kvBlocks) } };
    });
    return { ...scenario, pools };
  },
};
