import type { Scenario, TrafficClass } from "../../scenario/schema.ts";
import { changed } from "./chosen.ts";

type Client = TrafficClass["client"];

/**
 * Clients of so many times the patience, of all classes unless named: all their time-outs, and with them when they send a hedge and
 * when waiting long changes what they ask for. @param factor above 0
 */
export function scaledTimeouts(scenario: Scenario, factor: number, classes?: readonly string[]): Scenario {
  return { ...scenario, traffic: changed(scenario.traffic, classes, (one) => ({ ...one, client: scaledClient(one.client, factor) })) };
}

function scaledClient(client: Client, factor: number): Client {
  const times = (seconds: number | undefined): number | undefined => seconds && seconds * factor;
  const { timeout, hedge, degrade } = client;
  const attempt = { ttft: times(timeout.attempt.ttft), total: times(timeout.attempt.total) };
  const rungs = Object.entries(degrade).map(([name, rung]) => [name, { ...rung, when: { ...rung.when, waited: times(rung.when.waited) } }]);
  return {
    ...client,
    timeout: { ttft: times(timeout.ttft), total: times(timeout.total), attempt },
    hedge: hedge && { ...hedge, after: hedge.after * factor },
    degrade: Object.fromEntries(rungs) as Client["degrade"],
  };
}
