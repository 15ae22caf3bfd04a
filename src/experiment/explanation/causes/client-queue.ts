import { mapValues } from "../../../base/records.ts";
import type { Cause } from "../cause.ts";

/** Nothing of ours holds an attempt back before it is sent: no limiter, no cap on concurrency, no gateway. */
export const clientQueue: Cause = {
  name: "clientQueue",
  words: "client queue",
  plural: false,
  removed: (scenario) => {
    const open = { limiter: undefined, concurrency: undefined, queue: undefined, gateway: undefined };
    return { ...scenario, traffic: mapValues(scenario.traffic, (one) => ({ ...one, client: { ...one.client, ...open } })) };
  },
};
