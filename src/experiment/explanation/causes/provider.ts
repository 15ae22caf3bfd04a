import { mapValues } from "../../../base/records.ts";
import type { Cause } from "../cause.ts";

/** Providers make no errors, are never down, slow or overloaded, and as quick at every hour. */
export const provider: Cause = {
  name: "provider",
  words: "provider trouble",
  plural: false,
  removed: (scenario) => {
    const providers = mapValues(scenario.providers, (one) => ({
      ...one,
      faults: { errorRate: 0 },
      latency: { ...one.latency, hours: undefined },
    }));
    return { ...scenario, providers };
  },
};
