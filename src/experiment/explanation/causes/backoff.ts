import { mapValues } from "../../../base/records.ts";
import type { Scenario } from "../../../scenario/schema.ts";
import type { Cause } from "../cause.ts";
import { withCalls } from "./each-call.ts";

type Client = Scenario["traffic"][string]["client"];

/** Everything is tried once: no retries, nested ones or hedges, by clients and at the stages before the targets. */
export const backoff: Cause = {
  name: "backoff",
  words: "retries",
  plural: true,
  removed: (scenario) => {
    const { traffic, pipelines } = withCalls(scenario, (call) => ({ ...call, retry: { ...call.retry, attempts: 1 } }));
    return {
      ...scenario,
      traffic: mapValues(traffic, (one) => ({ ...one, client: tryingOnce(one.client) })),
      pipelines,
      vectorStores: mapValues(scenario.vectorStores, (store) => ({ ...store, retry: { ...store.retry, attempts: 1 } })),
    };
  },
};

function tryingOnce(client: Client): Client {
  // A rung for later calls would wait for one that never comes.
  const rungs = Object.entries(client.degrade).filter(([, { when }]) => when.call === undefined);
  const retry = { ...client.retry, attempts: 1, nested: undefined };
  return { ...client, retry, hedge: undefined, degrade: Object.fromEntries(rungs) };
}
