import { describe, expect, it } from "vitest";
import { requireReadablePrompts } from "../../src/scenario/prompts.ts";
import type { Trace } from "../../src/traffic/trace.ts";
import { overflowing } from "../experiment/overflowing.ts";
import { scenarioOf } from "../experiment/systems.ts";

const whole = { "pools.gpus.engine.chunkedPrefill": "false", "pools.gpus.engine.maxBatchedTokens": "4000" };
const check = (assignments: Readonly<Record<string, string>>, traces = new Map<string, Trace>()) =>
  requireReadablePrompts(scenarioOf(overflowing, assignments), traces);

const endingHere = { "traffic.chat.path": "[gpus]", "traffic.chat.inputTokens": "{ constant: 1000 }" };

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

it("no prompt may be longer than the context or the KV cache, where no other target could take it", () => {
  const alone = { "traffic.chat.path": "[gpus]" };
  const context = { "pools.gpus.engine.context": "4000" };
  expect(() => check({ ...alone, ...context })).toThrow(/up to 4000 tokens, and gpus has a context of 4000 tokens/);
  expect(() => check({ ...alone, "pools.gpus.engine.context": "4001" })).not.toThrow();
  const blocks = { "pools.gpus.engine.kvBlocks": "249" };
  expect(() => check({ ...alone, ...blocks })).toThrow(/gpus holds the KV of at most 3984 tokens \(249 blocks of 16\)/);
  expect(() => check({ ...context, ...blocks })).not.toThrow();
});

it("what stages before the targets add to prompts counts, and in a conversation stays in those that follow", () => {
  const store = { vectorStores: "{ handbook: { concurrency: 8, read: { constant: 5ms }, promptTokens: 900 } }" };
  const retrieving = { ...endingHere, ...store, "traffic.chat.path": "[{ call: gpus, name: rewrite, promptTokens: 100 }, handbook, gpus]" };
  expect(() => check({ ...retrieving, "pools.gpus.engine.context": "2001" })).not.toThrow();
  expect(() => check({ ...retrieving, "pools.gpus.engine.context": "2000" })).toThrow(
    /inputTokens: has prompts of up to 2000 tokens, 1000 of them from the stages before, and gpus has a context of 2000 tokens/,
  );
  const answer = { "traffic.chat.outputTokens": "{ constant: 50 }", "traffic.chat.conversation": "{ turns: 2, thinkTime: 5s }" };
  expect(() => check({ ...retrieving, ...answer, "pools.gpus.engine.context": "4051" })).not.toThrow();
  expect(() => check({ ...retrieving, ...answer, "pools.gpus.engine.context": "4050" })).toThrow(/prompts of up to 4050 tokens/);
});

it("prompts without a longest one are let through where only the context or the KV cache bounds them", () => {
  const endless = { "traffic.chat.path": "[gpus]", "traffic.chat.inputTokens": "{ gamma: { mean: 10, cv: 1 } }" };
  expect(() => check({ ...endless, "pools.gpus.engine.context": "4000" })).not.toThrow();
});

it("the drafts of speculation need KV too, beside the prompt and an answer of one token", () => {
  const drafting = {
    ...endingHere,
    "pools.gpus.engine.speculation": "{ draftTokens: 7, acceptedTokens: 2 }",
    "pools.gpus.engine.blockSize": "1",
  };
  expect(() => check({ ...drafting, "pools.gpus.engine.kvBlocks": "1008" })).not.toThrow();
  expect(() => check({ ...drafting, "pools.gpus.engine.kvBlocks": "1007" })).toThrow(
    /gpus holds the KV of at most 1007 tokens \(1007 blocks of 1\), the answer and its drafts included/,
  );
});

describe("prompts that another pool reads", () => {
  const apart = overflowing.replace(
    "pools:\n",
    "pools:\n  readers: { engine: { stepTime: { overhead: 2ms }, kvBlocks: 1000, blockSize: 1, context: 1001 }, replicas: 1 }\n",
  );
  const prefill = {
    ...endingHere,
    "pools.gpus.prefill": "{ pool: readers, transfer: { bandwidth: 1GB/s } }",
    "pools.gpus.engine.kvBytesPerToken": "100",
    "pools.gpus.engine.blockSize": "1",
    "pools.gpus.engine.kvBlocks": "1001",
    "pools.gpus.engine.context": "1002",
  };
  const checked = (more: Readonly<Record<string, string>> = {}) =>
    requireReadablePrompts(scenarioOf(apart, { ...prefill, ...more }), new Map());

  it("must fit into both, with one token of the answer where they are read and two where it is written", () => {
    expect(() => checked()).not.toThrow();
    expect(() => checked({ "pools.readers.engine.context": "1000" })).toThrow(/and readers has a context of 1000 tokens/);
    expect(() => checked({ "pools.readers.engine.kvBlocks": "999" })).toThrow(/and readers holds the KV of at most 999 tokens/);
    expect(() => checked({ "pools.gpus.engine.context": "1001" })).toThrow(/and gpus has a context of 1001 tokens/);
    expect(() => checked({ "pools.gpus.engine.kvBlocks": "1000" })).toThrow(/and gpus holds the KV of at most 1000 tokens/);
  });

  it("need not fit where they are written when no answer has a second token, nor in one piece", () => {
    const small = { "pools.gpus.engine.context": "900" };
    expect(() => checked({ ...small, "traffic.chat.outputTokens": "{ constant: 1 }" })).not.toThrow();
    expect(() => checked({ ...small, "traffic.chat.maxOutput": "1" })).not.toThrow();
    expect(() => checked({ ...small, "traffic.chat.maxOutput": "2" })).toThrow(/and gpus has a context of 900 tokens/);
    expect(() => checked({ "pools.gpus.engine.chunkedPrefill": "false", "pools.gpus.engine.maxBatchedTokens": "500" })).not.toThrow();
  });

  it("may go on to a later target where those of the first are too small", () => {
    expect(() => checked({ "pools.gpus.engine.context": "900", "traffic.chat.path": "[{ first: [gpus, api] }]" })).not.toThrow();
  });
});
