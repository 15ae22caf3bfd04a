import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { budgetLeft, isGood, metBy, targetOf, tpotOf, verdictOf, worst } from "../../src/experiment/objectives.ts";
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

it("an objective on degraded answers is met by everyone but who was served one", () => {
  const recorder = recorded([
    { arrivedAt: 1, outcome: "served", firstTokenAt: 2, endedAt: 3 },
    { arrivedAt: 1, outcome: "served", firstTokenAt: 2, endedAt: 3, rung: 2 },
    { arrivedAt: 1, outcome: "timedOut", rung: 2 },
  ]);
  const slo = [objective("degraded < 5%")];
  expect([0, 1, 2].map((request) => metBy(slo[0], recorder, request))).toEqual([true, false, true]);
  expect([0, 1, 2].map((request) => isGood(slo, recorder, request))).toEqual([true, false, false]);
  expect(targetOf(slo[0])).toBe(0.95);
});

it("the target of an objective is the share of requests that must meet it, or the most dollars", () => {
  expect(targetOf(objective("ttft p95 < 2s"))).toBe(0.95);
  expect(targetOf(objective("cost < $40k/month"))).toBe(40_000);
});

it("the error budget left is 1 when nothing missed, 0 at the target, and negative beyond", () => {
  expect(budgetLeft(objective("ttft p95 < 2s"), 1)).toBeCloseTo(1, 12);
  expect(budgetLeft(objective("ttft p95 < 2s"), 0.95)).toBe(0);
  expect(budgetLeft(objective("ttft p95 < 2s"), 0.9)).toBeCloseTo(-1, 12);
});

it("the budget of a cost objective is its limit, and what all must meet has none to spend", () => {
  expect(budgetLeft(objective("cost < $100/month"), 80)).toBeCloseTo(0.2, 12);
  expect(budgetLeft(objective("success >= 100%"), 1)).toBe(0);
  expect(budgetLeft(objective("success >= 100%"), 0.999)).toBeLessThan(-1);
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
