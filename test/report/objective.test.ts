import { expect, test } from "vitest";
import { isCost } from "../../src/experiment/tightest.ts";
import { budgetLeft, latencyObjective, mainClass } from "../../src/report/objective.ts";
import { around, simulated } from "./fixture.ts";

const objective = (text: string, target: number, mean: number) => ({ text, verdict: "met" as const, target, attained: around(mean, 0) });

test("a latency objective is taken apart again", () => {
  expect(latencyObjective(" ttft p99.9 < 800ms ")).toEqual({
    metric: "ttft",
    percentile: "p99.9",
    threshold_s: 0.8,
    text: "ttft p99.9 < 800ms",
  });
  expect(latencyObjective("success >= 99%")).toBeUndefined();
  expect(latencyObjective("ttft p95 < soon")).toBeUndefined();
});

test("the error budget left is 1 when nothing failed, 0 at the target, and negative beyond", () => {
  expect(budgetLeft(objective("ttft p95 < 2s", 0.95, 1))).toBe(1);
  expect(budgetLeft(objective("ttft p95 < 2s", 0.95, 0.95))).toBeCloseTo(0, 12);
  expect(budgetLeft(objective("ttft p95 < 2s", 0.95, 0.9))).toBeCloseTo(-1, 12);
  expect(budgetLeft(objective("success >= 100%", 1, 0.9))).toBeUndefined();
});

test("the budget of a cost objective is its limit", () => {
  const cost = objective("cost < $40000/month", 40_000, 30_000);
  expect(isCost(cost)).toBe(true);
  expect(budgetLeft(cost)).toBe(0.25);
});

test("the main class is the one with a TTFT objective, else any latency objective, else the busiest", () => {
  const point = simulated().points[0];
  const { chat, digests } = point.classes;
  expect(mainClass(point)).toBe("chat");
  expect(mainClass({ ...point, classes: { chat: { ...chat, objectives: [] }, digests: digests } })).toBe("digests");
  const bare = { digests: { ...digests, objectives: [] }, chat: { ...chat, objectives: [] } };
  expect(mainClass({ ...point, classes: bare })).toBe("chat");
  expect(mainClass({ ...point, classes: {} })).toBeUndefined();
});
