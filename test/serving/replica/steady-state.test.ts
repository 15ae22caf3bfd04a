import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BatchSettings } from "../../../src/serving/replica/continuous-batch.ts";
import { LowerHull } from "../../../src/serving/replica/lower-hull.ts";
import { decodingState, kneeOf, steadyState } from "../../../src/serving/replica/steady-state.ts";
import { type StepTimeSettings, stepTimeSettings } from "../../../src/serving/replica/step-time.ts";
import { runReplica } from "../drive.ts";
import type { Job } from "./plain-engine.ts";

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

  it("counts the drafts of speculative decoding, their tokens and their time", () => {
    const speculation = { draftTokens: 3, acceptedTokens: 2, draftTime: 0.002 };
    const full = decodingState({ ...engine, speculation, maxBatchedTokens: 350 }, 1000)!;
    expect(full.sequences).toBe(87);
    expect(full.iteration).toBeCloseTo(0.002 + 0.001 + 348 * 20e-6 + 5e-8 * 87 * 1000, 12);
  });
});

const forever = { leavesAt: Infinity, withdrawnAt: Infinity };

/** Requests per second of a replica that so many equal requests wait for from the start. */
function drained(settings: BatchSettings, input: number, output: number, count: number): { rate: number; preemptions: number } {
  const jobs = Array.from({ length: count }, (): Job => ({ arrivesAt: 0, prompt: input, output, ...forever }));
  const { fates, preemptions } = runReplica(jobs, settings, "finish");
  return { rate: count / Math.max(...fates.map(({ endedAt }) => endedAt)), preemptions };
}

const milliseconds = (most: number) => fc.oneof(fc.constant(0), fc.double({ min: 0, max: most / 1000, noNaN: true }));

const someLaw: fc.Arbitrary<StepTimeSettings> = fc
  .record({
    overhead: fc.double({ min: 1e-4, max: 2e-3, noNaN: true }),
    denseFloor: milliseconds(20),
    denseBase: fc.double({ min: -0.005, max: 0.01, noNaN: true }),
    densePerToken: milliseconds(0.1),
    expertsFloor: milliseconds(20),
    expertShare: fc.double({ min: 0.01, max: 1, noNaN: true }),
    perSequence: milliseconds(0.1),
    perKvToken: milliseconds(0.001),
    perPrefillPair: milliseconds(0.0001),
    promptOverhead: milliseconds(5),
    communication: milliseconds(1),
    communicationPerToken: milliseconds(0.01),
    /** A table of the dense part, by what each row takes more than the one before. */
    rows: fc.option(fc.array(milliseconds(5), { minLength: 1, maxLength: 4 }), { freq: 4, nil: undefined }),
    /** Share of the overhead that forty sequences take off it. */
    faster: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 3, nil: undefined }),
  })
  .map(({ rows, faster, ...given }) => {
    let time = 0.001;
    const dense = rows?.map((more, i): [number, number] => [[1, 7, 30, 200][i], (time += more)]);
    if (faster !== undefined) given.perSequence = (-faster * given.overhead) / 41;
    if (dense === undefined) return given;
    return Object.assign(given, { denseFloor: 0, denseBase: 0, densePerToken: 0, expertsFloor: 0, expertShare: 1, dense });
  });

const someSystem = fc
  .record({
    stepTime: someLaw,
    input: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 400 })),
    output: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 80 })),
    count: fc.integer({ min: 1, max: 100 }),
    maxSequences: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 40 })),
    budget: fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 600 })),
    chunkedPrefill: fc.boolean(),
    spareBlocks: fc.oneof(fc.nat(10), fc.nat(400)),
    blockSize: fc.constantFrom(1, 4, 16),
    drafts: fc.option(fc.record({ draftTokens: fc.integer({ min: 1, max: 4 }), part: fc.nat(100), draftTime: milliseconds(2) }), {
      freq: 3,
      nil: undefined,
    }),
  })
  .map(({ input, output, count, budget, spareBlocks, drafts, ...rest }) => {
    const { draftTokens = 0, part = 0, draftTime = 0 } = drafts ?? {};
    const speculation = drafts && { draftTokens, acceptedTokens: (100 + part * draftTokens) / 100, draftTime };
    const settings: BatchSettings = {
      ...rest,
      speculation,
      maxBatchedTokens: Math.max(1 + draftTokens, rest.chunkedPrefill ? budget : input + budget),
      kvBlocks: Math.ceil((input + output + draftTokens) / rest.blockSize) + spareBlocks,
    };
    return { settings, input, output, count };
  });

describe("steadyState", () => {
  it("is never beaten by a replica that always has enough to do, unless sequences are evicted", () => {
    const shares: number[] = [];
    fc.assert(
      fc.property(someSystem, ({ settings, input, output, count }) => {
        const { rate, preemptions } = drained(settings, input, output, count);
        fc.pre(preemptions === 0);
        const share = rate / steadyState(settings, input, output)!.requestRate;
        expect(share).toBeLessThanOrEqual(1 + 1e-9);
        if (count > 50) shares.push(share);
      }),
      { numRuns: 500 },
    );
    // A bound that is far from what is reached would say little.
    expect(shares.toSorted((a, b) => a - b)[shares.length >> 1]).toBeGreaterThan(0.8);
  });

  it("is nearly reached where all iterations take the same time, also with few sequences and with speculation", () => {
    const constant = { ...engine, stepTime: law({ overhead: "10ms" }), chunkedPrefill: true };
    // The first request comes alone, so that drafts go on beside its prompts, and the last ones are served in part-filled batches.
    const expectReached = (settings: BatchSettings, input: number, output: number): void => {
      const share = drained(settings, input, output, 500).rate / steadyState(settings, input, output)!.requestRate;
      expect(share).toBeGreaterThan(0.98);
      expect(share).toBeLessThanOrEqual(1 + 1e-9);
    };
    expectReached({ ...constant, maxSequences: 2 }, 10, 21);
    expectReached({ ...constant, maxSequences: 3 }, 100, 11);
    expectReached({ ...constant, maxSequences: 1 }, 10, 3);
    const speculation = { draftTokens: 3, acceptedTokens: 2.5, draftTime: 0.002 };
    expectReached({ ...constant, maxSequences: 4, speculation }, 10, 26);
  });

  it("is reached by one sequence after another, whatever its iterations are made of", () => {
    const stepTime = law({
      overhead: "3ms",
      denseFloor: "5ms",
      perSequence: "1ms",
      perKvToken: "10us",
      perPrefillPair: "1us",
      promptOverhead: "7ms",
      communication: "2ms",
      communicationPerToken: "100us",
    });
    const speculation = { draftTokens: 3, acceptedTokens: 2.5, draftTime: 0.002 };
    const alone = { ...engine, stepTime, maxSequences: 1, chunkedPrefill: true };
    for (const settings of [alone, { ...alone, speculation }]) {
      expect(drained(settings, 100, 41, 20).rate / steadyState(settings, 100, 41)!.requestRate).toBeCloseTo(1, 9);
    }
  });

  it("is no lower with more room for tokens, though fuller iterations may take longer for each of them", () => {
    const steep = { ...engine, stepTime: law({ overhead: "100us", denseFloor: "1ms", denseBase: "-5ms", densePerToken: "1ms" }) };
    const rate = (maxBatchedTokens: number) => steadyState({ ...steep, maxBatchedTokens }, 100, 50)!.requestRate;
    expect(rate(2048)).toBeCloseTo(rate(6), 9);
    expect(rate(6)).toBeGreaterThan(rate(5));
    // Two sequences in every iteration take time off it, even if one of them is always in the middle of its prompt.
    const stepTime = law({ overhead: "2.5ms", denseBase: "-1ms", densePerToken: "1ms", perSequence: "-1ms" });
    const pair = { ...engine, stepTime, maxSequences: 2 };
    expect(steadyState(pair, 21, 20)!.requestRate).toBeCloseTo(steadyState({ ...pair, maxBatchedTokens: 2 }, 21, 20)!.requestRate, 9);
  });

  it("reads the prompts of as many as there are sequences at a time, when answers are one token", () => {
    const alone = steadyState({ ...engine, maxSequences: 2 }, 100, 1)!;
    const iteration = 0.001 + Math.max(0.005, 200 * 20e-6) + 2 * 5000 * 1e-9;
    expect(alone.sequences).toBe(0);
    expect(alone.iteration).toBeCloseTo(iteration, 12);
    expect(alone.requestRate).toBeCloseTo(2 / iteration, 6);
  });

  it("serves nothing of what it could not hold, and something of what it just can", () => {
    expect(steadyState({ ...engine, kvBlocks: 10 }, 100, 62)).toBeUndefined();
    expect(steadyState({ ...engine, kvBlocks: 10 }, 100, 61)!.requestRate).toBeGreaterThan(0);
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
          const most = 1 + 1e-9;
          expect(requestRate * (output - 1) * iteration).toBeCloseTo(sequences, 6);
          expect(sequences * (input + output / 2)).toBeLessThanOrEqual(kvBlocks * 16 * most);
          expect(sequences + (sequences * input) / (output - 1)).toBeLessThanOrEqual(2048 * most);
          expect(sequences + sequences / (output - 1)).toBeLessThanOrEqual(100 * most);
        },
      ),
    );
  });
});

describe("the convex function below another", () => {
  const values = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 40 });

  it("lies nowhere above it, never bends down, and meets it in its corners", () => {
    fc.assert(
      fc.property(values, (ys) => {
        const hull = new LowerHull((x) => ys[x - 1], ys.length);
        ys.forEach((y, i) => expect(hull.at(i + 1)).toBeLessThanOrEqual(y + 1e-9));
        for (const x of hull.xs) expect(hull.at(x)).toBe(ys[x - 1]);
        for (let x = 1.5; x < ys.length - 0.5; x += 0.5) {
          expect(2 * hull.at(x)).toBeLessThanOrEqual(hull.at(x - 0.5) + hull.at(x + 0.5) + 1e-9);
        }
        expect([hull.xs[0], hull.xs.at(-1)]).toEqual([1, ys.length]);
      }),
    );
  });

  it("of a convex function is that function", () => {
    const hull = new LowerHull((x) => x * x, 50);
    for (let x = 1; x <= 50; x++) expect(hull.at(x)).toBe(x * x);
    expect(hull.at(2.5)).toBe(6.5);
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
