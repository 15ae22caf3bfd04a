import { expect, it } from "vitest";
import { runReplication } from "../../src/experiment/run.ts";
import { requireReadablePrompts } from "../../src/scenario/prompts.ts";
import type { Scenario } from "../../src/scenario/schema.ts";
import type { Trace } from "../../src/traffic/trace.ts";
import { scenarioOf } from "../experiment/systems.ts";

const text = (more: string, arrivals = "{ rate: 1/s }") => `
name: Lengths
horizon: 2m
traffic:
  chat:
    arrivals: ${arrivals}
${more}
    path: [gpus]
pools:
  gpus: { engine: { stepTime: { overhead: 1ms }, kvBlocks: 100000 }, replicas: 1 }
`;
const constants = "    inputTokens: { constant: 100 }\n    outputTokens: { constant: 10 }\n";
const scales = "    inputScale: 1.5\n    outputScale: 3\n";

function lengthsOf(scenario: Scenario, traces: ReadonlyMap<string, Trace> = new Map()): Set<string> {
  const { recorder } = runReplication(scenario, 0, traces);
  return new Set(Array.from({ length: recorder.count }, (_, i) => `${recorder.inputTokens[i]} → ${recorder.outputTokens[i]}`));
}

it("lengths that are drawn are so many times as long", () => {
  expect(lengthsOf(scenarioOf(text(constants + scales)))).toEqual(new Set(["150 → 30"]));
});

it("answers are cut after they are scaled", () => {
  expect(lengthsOf(scenarioOf(text(`${constants}${scales}    maxOutput: 25\n`)))).toEqual(new Set(["150 → 25"]));
});

it("lengths of a trace's rows are scaled, rounded to whole tokens", () => {
  const columns = { time: Float64Array.of(0, 1), inputTokens: Int32Array.of(100, 7), outputTokens: Int32Array.of(10, 1) };
  const trace: Trace = { name: "day.csv", count: 2, duration: 2, hash: "0", ...columns };
  const given = scenarioOf(text(scales, "{ trace: day.csv }"));
  expect(lengthsOf(given, new Map([["day.csv", trace]]))).toEqual(new Set(["150 → 30", "11 → 3"]));
});

it("what is said in later turns is scaled as what is said first", () => {
  const given = `${constants}${scales}    conversation: { turns: 2, thinkTime: 0s, firstPrompt: { constant: 200 } }\n`;
  expect(lengthsOf(scenarioOf(text(given)))).toEqual(new Set(["300 → 30", `${300 + 30 + 150} → 30`]));
});

it("what an agent writes and what its tools give is scaled too", () => {
  const given = `${constants}${scales}    agent: { calls: 2, outputTokens: { constant: 20 }, toolTokens: 40 }\n`;
  // The prompt of the second call holds the first, what it wrote, and what the tool gave.
  expect(lengthsOf(scenarioOf(text(given)))).toContain(`${150 + 60 + 60} → 30`);
});

it("prompts that only scaling makes too long are refused", () => {
  const small = (more: string) => scenarioOf(text(constants + more).replace("kvBlocks: 100000", "kvBlocks: 1000, context: 140"));
  expect(() => requireReadablePrompts(small(""), new Map())).not.toThrow();
  expect(() => requireReadablePrompts(small(scales), new Map())).toThrow(/prompts of up to 150 tokens/);
});
