import { mapValues } from "../../../base/records.ts";
import type { PoolSettings } from "../../../serving/pool-settings.ts";
import type { Cause } from "../cause.ts";

type ColdStart = NonNullable<PoolSettings["coldStart"]>;

const atOnce = { constant: 0 };

/** Replicas start and resume at once. */
export const cold: Cause = {
  name: "cold",
  words: "cold starts",
  plural: true,
  removed: (scenario) => {
    const pools = mapValues(scenario.pools, (pool) =>
      pool.coldStart === undefined ? pool : { ...pool, coldStart: instant(pool.coldStart) },
    );
    return { ...scenario, pools };
  },
};

function instant({ resume }: ColdStart): ColdStart {
  const given = mapValues(resume as Readonly<Record<string, object | undefined>>, (time) => time && atOnce);
  return { phases: {}, resume: given };
}
