import { expect, it } from "vitest";
import { tightest, watchedIn } from "../../src/experiment/tightest.ts";
import type { ClassResult, ObjectiveResult } from "../../src/experiment/result.ts";
import { simulated } from "../report/fixture.ts";

const [point] = simulated().points;

/** The classes of a system whose objectives have so much of their budgets left. */
function system(left: Readonly<Record<string, number>>): Record<string, ClassResult> {
  const objectives = Object.entries(left).map(([text, mean]): ObjectiveResult => ({
    text,
    kind: text.startsWith("cost") ? "cost" : "latency",
    verdict: "met",
    target: 0.9,
    attained: { mean: 0.9 },
    budgetLeft: { mean },
  }));
  return { chat: { ...point.classes["chat"], objectives } };
}

it("the tightest objective is the one with the least error budget left, money included", () => {
  expect(tightest(system({ "ttft p95 < 2s": 0.2, "cost < $9/month": 0.1, "success >= 90%": 0.9 }))?.objective.text).toBe("cost < $9/month");
  expect(tightest(system({}))).toBeUndefined();
});

it("the objective that is watched is about requests, and tightest in most systems", () => {
  const one = system({ "ttft p95 < 2s": 0.2, "cost < $9/month": 0.1, "success >= 90%": 0.9 });
  const other = system({ "ttft p95 < 2s": 0.9, "success >= 90%": -3 });
  expect(watchedIn([one, other, one])).toEqual({ className: "chat", text: "ttft p95 < 2s", target: 0.9 });
  expect(watchedIn([other, one, other])?.text).toBe("success >= 90%");
  expect(watchedIn([system({ "cost < $9/month": 0.5 })])).toBeUndefined();
});
