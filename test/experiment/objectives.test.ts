import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { marginOf, metBy, targetOf, tpotOf, verdictOf, worst } from "../../src/experiment/objectives.ts";
import { parseObjective } from "../../src/scenario/slo.ts";
import { recorded } from "./recorded.ts";

const objective = (text: string) => parseObjective(text)!;

describe("a request meets an objective", () => {
  const recorder = recorded([
    { arrivedAt: 10, outcome: "served", firstTokenAt: 11, endedAt: 14, outputTokens: 4 },
    { arrivedAt: 10, outcome: "served", firstTokenAt: 11, endedAt: 11, outputTokens: 1 },
    { arrivedAt: 10, outcome: "timedOut" },
  ]);

  it("when the user felt it: from arrival to the first or last token of the answer", () => {
    expect(metBy(objective("ttft p95 < 1001ms"), recorder, 0)).toBe(true);
    expect(metBy(objective("ttft p95 < 1s"), recorder, 0)).toBe(false);
    expect(metBy(objective("total p95 < 4001ms"), recorder, 0)).toBe(true);
    expect(metBy(objective("total p95 < 4s"), recorder, 0)).toBe(false);
  });

  it("on tpot by the time between tokens, which an answer of one token does not have", () => {
    expect(tpotOf(recorder, 0)).toBe(1);
    expect(metBy(objective("tpot p95 < 1s"), recorder, 0)).toBe(false);
    expect(tpotOf(recorder, 1)).toBeNaN();
    expect(metBy(objective("tpot p95 < 1ms"), recorder, 1)).toBe(true);
  });

  it("only when it was served", () => {
    for (const text of ["ttft p95 < 1h", "total p99 < 1h", "tpot p50 < 1h", "success >= 1%"])
      expect(metBy(objective(text), recorder, 2)).toBe(false);
  });
});

it("the target of an objective is the share of requests that must meet it, or the most dollars", () => {
  expect(targetOf(objective("ttft p95 < 2s"))).toBe(0.95);
  expect(targetOf(objective("cost < $40k/month"))).toBe(40_000);
});

it("a margin is positive where more is reached than asked for", () => {
  expect(marginOf(objective("success >= 99%"), 0.995)).toBeCloseTo(0.005, 12);
  expect(marginOf(objective("cost < $100/month"), 80)).toBeCloseTo(0.2, 12);
  expect(marginOf(objective("cost < $100/month"), 120)).toBeCloseTo(-0.2, 12);
});

it("a verdict needs the whole interval on one side of the target", () => {
  expect(verdictOf({ mean: 0.1, low: 0, high: 0.2 }, false)).toBe("met");
  expect(verdictOf({ mean: 0, low: 0, high: 0 }, true)).toBe("missed");
  fc.assert(
    fc.property(fc.double({ min: -1, max: 1, noNaN: true }), fc.double({ min: 1e-9, max: 1, noNaN: true }), (mean, half) => {
      const verdict = verdictOf({ mean, low: mean - half, high: mean + half }, false);
      expect(verdict).toBe(mean - half >= 0 ? "met" : mean + half < 0 ? "missed" : "undecided");
    }),
  );
});

it("one missed objective misses the SLO, and one undecided leaves it open", () => {
  expect(worst([])).toBe("met");
  expect(worst(["met", "undecided", "met"])).toBe("undecided");
  expect(worst(["undecided", "missed"])).toBe("missed");
});
