import { mapValues } from "../../../base/records.ts";
import type { Cause } from "../cause.ts";

/** Traffic comes as it does without its spikes and dips. */
export const spikes: Cause = {
  name: "spikes",
  words: "spikes",
  plural: true,
  removed: (scenario) => ({
    ...scenario,
    traffic: mapValues(scenario.traffic, (one) => ({ ...one, arrivals: { ...one.arrivals, spikes: undefined } })),
  }),
};
