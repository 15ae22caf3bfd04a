import { expect, it } from "vitest";
import { whyNoChoice } from "../../src/experiment/search.ts";
import { overflowing } from "./overflowing.ts";
import { planOf } from "./systems.ts";

const against = (set: Readonly<Record<string, string>>) => whyNoChoice([planOf(overflowing), planOf(overflowing, set, "other")]);

it("what the calling side does is the planner's to choose", () => {
  expect(against({ "traffic.chat.client.retry.attempts": "1" })).toBeUndefined();
  expect(against({ "traffic.chat.client.timeout.ttft": "2s", "traffic.chat.client.breaker": "{}" })).toBeUndefined();
  expect(against({ "traffic.chat.client.degrade": "{ short: { when: { inFlight: 9 }, maxOutput: 20, penalty: $0.01 } }" })).toBeUndefined();
});

it.each([
  ["spikes", { "traffic.chat.arrivals.spikes": "[{ at: 2m, lasts: 1m, factor: 3 }]" }],
  ["faults of pools", { "pools.gpus.faults.zoneLoss": "{ at: [2m], lasts: 1m }" }],
  ["objectives on degraded answers", { "traffic.chat.slo": '["degraded < 5%"]' }],
])("%s are circumstances, so that plans that differ in them cannot be ranked", (_, set) => {
  expect(against(set)).toMatch(/^they differ in traffic, SLO or faults/);
});
