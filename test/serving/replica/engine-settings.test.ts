import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { engineSettings } from "../../../src/serving/replica/engine-settings.ts";
import { StepTime } from "../../../src/serving/replica/step-time.ts";

const mistakes = (engine: object): string[] =>
  engineSettings.safeParse(engine).error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];

const llm = { stepTime: { overhead: "1ms" }, kvBlocks: 100 };
const station = { servers: 1, service: { constant: "1s" } };
const staticBatch = { size: 8, perAttempt: "1ms" };

describe("an engine", () => {
  it("is an LLM engine, a station or a static batch", () => {
    expect(mistakes(llm)).toEqual([]);
    expect(mistakes({})).toEqual([": needs stepTime and kvBlocks, or station or staticBatch"]);
    expect(mistakes({ kvBlocks: 100 })).toEqual([": needs stepTime, or station or staticBatch"]);
    expect(mistakes({ station, staticBatch })).toEqual(["staticBatch: has both a station and a staticBatch"]);
  });

  it.each([
    ["stepTime", { overhead: "1ms" }],
    ["maxSequences", 8],
    ["maxBatchedTokens", 64],
    ["kvBlocks", 100],
    ["blockSize", 32],
    ["kvBytesPerToken", 1000],
    ["context", 4096],
    ["chunkedPrefill", false],
    ["speculation", { draftTokens: 2, acceptedTokens: 2 }],
    ["prefixCache", {}],
  ])("that is a station or a static batch has no %s, which would be ignored", (key, value) => {
    expect(mistakes({ station, [key]: value })).toEqual([`station: has a station beside ${key}, which only an LLM engine has`]);
    expect(mistakes({ staticBatch, [key]: value })).toEqual([`staticBatch: has a staticBatch beside ${key}, which only an LLM engine has`]);
  });

  it("that is a station may say what LLM engines have by default, and which GPUs it runs on", () => {
    const written = engineSettings.encode(engineSettings.parse({ station, gpu: "l4", gpus: 2, llm: "some-embedder", precision: "bf16" }));
    expect(mistakes(written)).toEqual([]);
  });

  it("has room in an iteration for a sequence with its drafts", () => {
    const speculation = { draftTokens: 4, acceptedTokens: 3 };
    expect(mistakes({ ...llm, speculation, maxBatchedTokens: 5 })).toEqual([]);
    const message = "maxBatchedTokens: a sequence decodes 5 tokens in an iteration that has 4";
    expect(mistakes({ ...llm, speculation, maxBatchedTokens: 4 })).toEqual([message]);
  });
});

describe("the step time of an engine", () => {
  it("is above zero in every iteration that it can form, also where prompts are read and nothing is held in KV yet", () => {
    const reading = { overhead: "1us", perKvToken: "1ms", perSequence: "-1ms" };
    expect(mistakes({ ...llm, stepTime: reading })).toEqual([
      "stepTime: an iteration of 1 sequence would take -0.999 ms; it must take longer than 0 ms",
    ]);
    const drafts = { overhead: "1ms", denseBase: "-1ms", densePerToken: "200us", perSequence: "-500us" };
    const speculation = { draftTokens: 4, acceptedTokens: 3 };
    expect(mistakes({ ...llm, stepTime: drafts, speculation })).toEqual([
      "stepTime: an iteration of 2 sequences would take 0 ms; it must take longer than 0 ms",
    ]);
    const some = { overhead: "10ms", perSequence: "-1ms" };
    expect(mistakes({ ...llm, stepTime: some, maxSequences: 9 })).toEqual([]);
    expect(mistakes({ ...llm, stepTime: some, maxBatchedTokens: 9 })).toEqual([]);
    expect(mistakes({ ...llm, stepTime: some, maxSequences: 10 })).toHaveLength(1);
  });

  it("is above zero whatever is in an iteration, once it is accepted", () => {
    const milliseconds = fc.integer({ min: 0, max: 20 }).map((n) => `${n}ms`);
    fc.assert(
      fc.property(
        fc.record({
          overhead: fc.integer({ min: 1, max: 50 }).map((n) => `${n}ms`),
          denseFloor: milliseconds,
          densePerToken: milliseconds,
          perKvToken: milliseconds,
          perPrefillPair: milliseconds,
          perSequence: fc.integer({ min: -20, max: 0 }).map((n) => `${n}ms`),
        }),
        fc.integer({ min: 1, max: 12 }),
        fc.array(fc.record({ reads: fc.boolean(), tokens: fc.integer({ min: 1, max: 9 }), held: fc.nat(20) }), {
          minLength: 1,
          maxLength: 12,
        }),
        (stepTime, maxSequences, batch) => {
          const { data } = engineSettings.safeParse({ ...llm, stepTime, maxSequences });
          fc.pre(data !== undefined && batch.length <= maxSequences);
          const sum = (of: (one: (typeof batch)[number]) => number) => batch.reduce((total, one) => total + of(one), 0);
          const tokens = sum(({ reads, tokens: count }) => (reads ? count : 1));
          const kvTokens = sum(({ reads, held }) => (reads ? 0 : 1 + held));
          const pairs = sum(({ reads, tokens: count, held }) => (reads ? count * (held + count / 2) : 0));
          expect(new StepTime(data.stepTime!).iteration(tokens, batch.length, kvTokens, pairs)).toBeGreaterThan(0);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("has no table that is empty or falls, or whose experts are given twice", () => {
    const withTable = (dense: unknown, more: object = {}) => mistakes({ ...llm, stepTime: { dense, ...more } });
    expect(withTable([])).toHaveLength(1);
    expect(withTable([], { perSequence: "-1ms" })).toHaveLength(1);
    const [level, falling] = [
      [1, 8].map((tokens) => [tokens, "1ms"]),
      [
        [1, "500us"],
        [8, "1ms"],
        [16, "900us"],
      ],
    ];
    expect(withTable(level)).toEqual([]);
    expect(withTable(falling)).toEqual(["stepTime.dense.2.1: 900us for 16 tokens is less than the 1ms for 8"]);
    expect(withTable(level, { expertShare: 0.5 })).toEqual([
      "stepTime.expertShare: has an expertShare of 0.5 beside a table of the dense part",
    ]);
  });
});
