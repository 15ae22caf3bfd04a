import { mapValues } from "../../../base/records.ts";
import { askedTargets } from "../../../scenario/clients.ts";
import type { Scenario } from "../../../scenario/schema.ts";
import type { Cause } from "../cause.ts";
import { withoutLimiter } from "./unlimited.ts";

/** Providers refuse no call for its number or size, and our own limiters in front of those that did are gone with their reason. */
export const rateLimit: Cause = {
  name: "rateLimit",
  words: "rate limits",
  plural: true,
  removed: (scenario) => {
    const limited = limitedProviders(scenario);
    const asks = (traffic: Scenario["traffic"][string]): boolean => askedTargets(traffic).some((target) => limited.has(target));
    const mirrored = new Set(
      Object.values(scenario.traffic)
        .filter(asks)
        .map(({ client }) => client.gateway),
    );
    return {
      ...scenario,
      providers: mapValues(scenario.providers, (one) => ({ ...one, limits: undefined, quota: undefined })),
      traffic: mapValues(scenario.traffic, (one) => (asks(one) ? { ...one, client: withoutLimiter(one.client) } : one)),
      gateways: mapValues(scenario.gateways, (one, name) => (mirrored.has(name) ? withoutLimiter(one) : one)),
    };
  },
};

function limitedProviders({ providers }: Scenario): ReadonlySet<string> {
  return new Set(Object.keys(providers).filter((name) => (providers[name].limits ?? providers[name].quota) !== undefined));
}
