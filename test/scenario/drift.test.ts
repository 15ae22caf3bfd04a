import { expect, it, test } from "vitest";
import * as z from "zod";
import { scenarioSchema } from "../../src/scenario/schema.ts";
import { scenarioOf } from "../experiment/systems.ts";

const text = `
name: Small
horizon: 10m
traffic: { chat: { arrivals: { rate: 2/s }, inputTokens: { constant: 100 }, outputTokens: { constant: 10 }, path: [gpus] } }
pools: { gpus: { engine: { station: { servers: 4, service: { constant: 100ms } } }, replicas: 1 } }
`;

test.each([
  ["{ traffic: 8% }", { traffic: 0.08 }],
  ["{ traffic: { chat: -3% } }", { traffic: { chat: -0.03 } }],
  ["{ traffic: { p50: 8%, p90: 14% } }", { traffic: { p50: 0.08, p90: 0.14 } }],
  ["{ inputTokens: 1%, prices: { gpus: -2% } }", { inputTokens: 0.01, prices: { gpus: -0.02 } }],
])("%s is read, and written back to the same", (drift, read) => {
  const scenario = scenarioOf(text, { drift });
  expect(scenario.drift).toEqual(read);
  expect(z.decode(scenarioSchema, z.encode(scenarioSchema, scenario))).toEqual(scenario);
});

test.each([
  ["{ traffic: { chta: 8% } }", "unknown-name", "drift.traffic.chta", /did you mean `chat`/],
  ["{ prices: { openai: 8% } }", "unknown-name", "drift.prices.openai", /known here: chat|gpus/],
  ["{ traffic: { p50: 8%, p90: 4% } }", "contradiction", "drift.traffic.p90", /at least 8%/],
  ["{ hitRate: -3% }", "contradiction", "drift.hitRate", /leave it out/],
  ["{ vectors: 5% }", "contradiction", "drift.vectors", /leave it out/],
])("%s is refused: %s at %s", (drift, code, path, hint) => {
  expect(() => scenarioOf(text, { drift })).toThrow(
    expect.objectContaining({ details: expect.objectContaining({ code, path, hint: expect.stringMatching(hint) }) }),
  );
});

it("a change that takes everything away, or is no share, is refused", () => {
  expect(() => scenarioOf(text, { "drift.traffic": "-100%" })).toThrow(/drift\.traffic/);
  expect(() => scenarioOf(text, { "drift.prices": "cheap" })).toThrow(/drift\.prices/);
});
