import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodingState, kneeOf, steadyState } from "../../src/serving/steady-state.ts";
import { stepTimeSettings } from "../../src/serving/step-time.ts";

const law = (given: object) => stepTimeSettings.decode(given);
const engine = {
  stepTime: law({ overhead: "1ms", denseFloor: "5ms", densePerToken: "20us", perKvToken: "0.05us", perPrefillPair: "1ns" }),
  maxSequences: 100,
  maxBatchedTokens: 2048,
  kvBlocks: 10_000,
  blockSize: 16,
};

describe("decodingState", () => {
  it("is the step time of the fullest batch that KV and sequences allow", () => {
    const full = decodingState(engine, 1000)!;
    expect(full).toEqual({ sequences: 100, iteration: 0.001 + 0.005 + 5e-8 * 100 * 1000 });
    expect(decodingState({ ...engine, kvBlocks: 1000 }, 1000)!.sequences).toBe(16);
    expect(decodingState({ ...engine, kvBlocks: 10 }, 1000)).toBeUndefined();
  });
});

describe("steadyState", () => {
  it("serves one request after another, each an iteration long, when answers are one token", () => {
    const alone = steadyState({ ...engine, maxSequences: 2 }, 100, 1)!;
    const iteration = 0.001 + Math.max(0.005, 101 * 20e-6) + 100.5 * 5e-8 + 5000 * 1e-9;
    expect(alone.iteration).toBeCloseTo(iteration, 12);
    expect(alone.requestRate).toBeCloseTo(1 / iteration, 6);
  });

  it("never exceeds sequences, budget or KV, and reads as many prompts as sequences end", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4000 }),
        fc.integer({ min: 2, max: 2000 }),
        fc.integer({ min: 10, max: 20_000 }),
        (input, output, kvBlocks) => {
          const state = steadyState({ ...engine, kvBlocks }, input, output);
          if (state === undefined) return;
          const { sequences, iteration, requestRate } = state;
          expect(requestRate * (output - 1) * iteration).toBeCloseTo(sequences, 6);
          expect(sequences * (input + output / 2)).toBeLessThanOrEqual(kvBlocks * 16);
          expect(sequences + (sequences * input) / (output - 1)).toBeLessThanOrEqual(2048);
        },
      ),
    );
  });
});

describe("kneeOf", () => {
  it("is where the lines of a hinge meet", () => {
    expect(kneeOf(law({ denseFloor: "5ms", densePerToken: "20us" }))).toBe(250);
    expect(kneeOf(law({ denseFloor: "5ms", denseBase: "1ms", densePerToken: "20us" }))).toBe(200);
    expect(kneeOf(law({ denseFloor: "5ms" }))).toBeUndefined();
    expect(kneeOf(law({ dense: [[1, "5ms"]] }))).toBeUndefined();
  });

  it("is the fewest tokens whose computing takes longer than reading the experts that they use", () => {
    const given = law({ denseFloor: "1ms", expertsFloor: "20ms", expertShare: 0.03125, densePerToken: "30us" });
    const knee = kneeOf(given)!;
    const reading = (tokens: number) => 0.001 + 0.02 * (1 - (1 - 0.03125) ** tokens);
    expect(30e-6 * knee).toBeGreaterThanOrEqual(reading(knee));
    expect(30e-6 * (knee - 1)).toBeLessThan(reading(knee - 1));
  });
});
