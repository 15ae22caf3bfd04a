import { mapValues } from "../../../base/records.ts";
import { providerSettings } from "../../../provider/provider-settings.ts";
import type { Scenario } from "../../../scenario/schema.ts";
import type { Cause } from "../cause.ts";
import { withCalls } from "./each-call.ts";

/** Calls on the way are answered at once, by nobody who serves anything else, and so are the tools of agents. */
export const calls: Cause = {
  name: "calls",
  words: "calls on the way",
  plural: true,
  removed: (scenario) => {
    const { providers } = scenario;
    const name = freeName(scenario);
    let redirected = false;
    const { traffic, pipelines } = withCalls(scenario, (call) => {
      if (isAtOnce(call.call, providers)) return call;
      redirected = true;
      // The stage keeps its name, by which reports and rungs of a ladder know it.
      return { ...call, call: name, name: call.name ?? call.call };
    });
    return {
      ...scenario,
      traffic: mapValues(traffic, (one) => (one.agent === undefined ? one : { ...one, agent: { ...one.agent, toolTime: 0 } })),
      pipelines,
      providers: redirected ? { ...providers, [name]: atOnce } : providers,
    };
  },
};

const nothing = { constant: "0s" };
const atOnce = providerSettings.parse({
  model: { inputPerMillion: "$0", outputPerMillion: "$0" },
  latency: { ttft: nothing, tpot: nothing },
});

/** Whether a call has gone to whoever answers at once already. */
function isAtOnce(target: string, providers: Scenario["providers"]): boolean {
  return JSON.stringify(providers[target]) === JSON.stringify(atOnce);
}

function freeName({ caches, vectorStores, pipelines, pools, providers }: Scenario): string {
  const taken = new Set([caches, vectorStores, pipelines, pools, providers].flatMap((room) => Object.keys(room)));
  let name = "atOnce";
  while (taken.has(name)) name = `${name}2`;
  return name;
}
