import { describe, expect, it } from "vitest";
import { whyNoChoice } from "../../src/experiment/search.ts";
import { overflowing } from "./overflowing.ts";
import { planOf } from "./systems.ts";

const plan = (assignments: Readonly<Record<string, string>> = {}) => planOf(overflowing, assignments);
const spare = "{ model: { inputPerMillion: $1, outputPerMillion: $1 }, latency: { ttft: { constant: 1s }, tpot: { constant: 1ms } } }";

describe("plans can be chosen from", () => {
  it.each<[string, Record<string, string>]>([
    ["the size of a pool", { "pools.gpus.replicas": "{ min: 2, max: 2 }" }],
    ["the limits of a provider", { "providers.api.limits.rpm": "600" }],
    ["another provider beside", { "providers.spare": spare }],
    ["how often clients retry", { "traffic.chat.client.retry.attempts": "1" }],
    ["time-outs and breakers", { "traffic.chat.client.timeout.ttft": "2s", "traffic.chat.client.breaker": "{}" }],
    ["a worse answer", { "traffic.chat.client.degrade": "{ short: { when: { inFlight: 9 }, maxOutput: 20, penalty: $0.01 } }" }],
  ])("when they differ in %s", (_, assignments) => {
    expect(whyNoChoice([plan(), plan(assignments)])).toBeUndefined();
  });

  it.each<[string, Record<string, string>]>([
    ["how often a provider fails", { "providers.api.faults.errorRate": "0%" }],
    ["when a provider is out", { "providers.api.faults.outages": "{ at: [1m], lasts: 1m }" }],
    ["the faults of a pool", { "pools.gpus.faults": "{ crash: { every: 1h } }" }],
    ["a spike", { "traffic.chat.arrivals.spikes": "[{ at: 2m, lasts: 1m, factor: 3 }]" }],
    ["objectives on degraded answers", { "traffic.chat.slo": '["degraded < 5%"]' }],
  ])("but not when they differ in %s", (_, assignments) => {
    expect(whyNoChoice([plan(), plan(assignments)])).toMatch(/^they differ in traffic, SLO or faults/);
  });
});
