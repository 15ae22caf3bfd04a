import { expect, it } from "vitest";
import { mapValues } from "../../src/base/records.ts";
import { runReplication } from "../../src/experiment/run.ts";
import { measuredSpan } from "../../src/experiment/spans.ts";
import { summarise } from "../../src/experiment/summary.ts";
import { recorded } from "./recorded.ts";
import { scenarioOf } from "./systems.ts";

const scenario = scenarioOf(`
name: Worse answers
horizon: 1h
traffic:
  chat:
    arrivals: { rate: 0.1/s }
    inputTokens: { constant: 10 }
    outputTokens: { constant: 10 }
    slo: ["degraded < 40%", "success >= 50%"]
    client:
      degrade:
        short: { when: { inFlight: 5 }, maxOutput: 5, penalty: $0.01 }
        sorry: { when: { exhausted: true }, canned: {}, penalty: $0.25 }
    path: [api]
providers:
  api:
    model: { inputPerMillion: $1, outputPerMillion: $1 }
    latency: { ttft: { constant: 1s }, tpot: { constant: 0s } }
`);

const served = { outcome: "served", firstTokenAt: 3000, endedAt: 3001 } as const;
const recorder = recorded([
  { arrivedAt: 0, ...served },
  { arrivedAt: 1, ...served, rung: 1 },
  { arrivedAt: 2, ...served, rung: 2 },
  { arrivedAt: 3, ...served, rung: 2 },
  { arrivedAt: 4, outcome: "timedOut", rung: 1 },
]);
const { meters } = runReplication(scenario, 0, new Map()).summary;
const summary = summarise(
  scenario,
  recorder,
  measuredSpan(scenario),
  meters,
  {},
  { providers: {}, vectorStores: {} },
  { chat: [] },
  () => meters,
);
const { counts, attained } = summary.classes["chat"];

it("served requests are counted by the rung that they were answered on, and their share is of all that were offered", () => {
  expect(counts.degraded).toEqual({ short: 1, sorry: 2 });
  expect(counts.degradedShare).toBe(3 / 5);
});

it("a degraded answer misses its objective, and so is no good request", () => {
  expect(attained).toEqual([2 / 5, 4 / 5]);
  expect(counts.goodput_per_s * 3600).toBeCloseTo(1, 12);
});

it("penalties are dollars of the hour that was measured, in the total too", () => {
  const { total, providers } = summary.money;
  expect(total.degradation_usd_per_month).toBeCloseTo((0.01 + 2 * 0.25) * 730, 9);
  const calm = summarise(
    scenario,
    recorded([{ arrivedAt: 0, ...served }]),
    measuredSpan(scenario),
    meters,
    {},
    { providers: {}, vectorStores: {} },
    { chat: [] },
    () => meters,
  ).money.total;
  expect(calm.degradation_usd_per_month).toBe(0);
  expect(total.usd_per_month - calm.usd_per_month).toBeCloseTo(total.degradation_usd_per_month, 9);
  expect(Object.keys(providers)).toEqual(["api"]);
});

it("a canned answer has no tokens of a model, so it makes tokens neither cheaper nor faster", () => {
  const runWith = (errorRate: number) =>
    runReplication(
      { ...scenario, providers: mapValues(scenario.providers, (one) => ({ ...one, faults: { ...one.faults, errorRate } })) },
      0,
      new Map(),
    );
  const { classes, money } = runWith(1).summary;
  expect(classes["chat"].counts.servedBy).toEqual({ api: 0, canned: classes["chat"].counts.offered });
  expect(classes["chat"].tpot_s.mean).toBeNull();
  expect(money.total.usd_per_1k_output_tokens).toBeNull();
  expect(runWith(0).summary.money.total.usd_per_1k_output_tokens).toBeGreaterThan(0);
});
