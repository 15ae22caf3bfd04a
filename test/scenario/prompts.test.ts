import { expect, it } from "vitest";
import { requireReadablePrompts } from "../../src/scenario/prompts.ts";
import type { Trace } from "../../src/traffic/trace.ts";
import { overflowing } from "../experiment/overflowing.ts";
import { scenarioOf } from "../experiment/systems.ts";

const whole = { "pools.gpus.engine.chunkedPrefill": "false", "pools.gpus.engine.maxBatchedTokens": "4000" };
const check = (assignments: Readonly<Record<string, string>>, traces = new Map<string, Trace>()) =>
  requireReadablePrompts(scenarioOf(overflowing, assignments), traces);

it("without chunked prefill prompts may be as long as the budget, and not a token longer", () => {
  expect(() => check(whole)).not.toThrow();
  expect(() => check({ ...whole, "pools.gpus.engine.maxBatchedTokens": "3999" })).toThrowErrorMatchingInlineSnapshot(`
    [PlanError: traffic.chat.inputTokens: has prompts of up to 4000 tokens, and gpus reads at most 3999 tokens in one iteration without chunkedPrefill
      hint: allow chunkedPrefill, raise pools.gpus.engine.maxBatchedTokens, or bound the prompts with max]
  `);
  expect(() => check({ "pools.gpus.engine.maxBatchedTokens": "16" })).not.toThrow();
});

it.each([
  ["{ constant: 4001 }", /of up to 4001 tokens/],
  ["{ empirical: [10, 4002, 20] }", /of up to 4002 tokens/],
  ["{ gamma: { mean: 10, cv: 1 } }", /of any length/],
  ["{ mixture: [{ weight: 1, of: { constant: 5 } }, { weight: 1, of: { exponential: { mean: 9 }, max: 5000 } }] }", /of up to 5000 tokens/],
])("the longest prompt of %s is known before anything is simulated", (inputTokens, message) => {
  expect(() => check({ ...whole, "traffic.chat.inputTokens": inputTokens })).toThrow(message);
});

it("the longest prompt of a trace counts where the lengths are the trace's own", () => {
  const columns = { time: Float64Array.of(0, 1), inputTokens: Int32Array.of(9, 4500), outputTokens: Int32Array.of(1, 1) };
  const trace = { name: "day.csv", count: 2, duration: 2, hash: "", ...columns };
  const text = overflowing.replace(/ {4}inputTokens:.*\n/, "");
  const traced = scenarioOf(text, { ...whole, "traffic.chat.arrivals": "{ trace: day.csv }" });
  expect(() => requireReadablePrompts(traced, new Map([["day.csv", trace]]))).toThrow(
    /traffic\.chat\.arrivals\.trace: has prompts of up to 4500 tokens/,
  );
});
