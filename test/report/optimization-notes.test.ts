import { expect, it } from "vitest";
import type { Optimization } from "../../src/experiment/optimization-result.ts";
import type { Result } from "../../src/experiment/result.ts";
import { optimizationNotes } from "../../src/report/optimization-notes.ts";

function notes(decidedBy: Partial<Optimization["decidedBy"]>, more: Partial<Optimization> = {}, found = true): string[] {
  const optimization: Optimization = {
    plans: 10,
    impossible: 0,
    decidedBy: { bound: 0, less: 0, missed: 0, dearer: 0, more: 0, met: 0, ...decidedBy },
    replications: { search: 8, grid: 50, share: 0.16, verification: 0, asides: 0 },
    nearest: null,
    runnerUp: null,
    surer: { confidence: 0.99, choice: null },
    cases: [],
    ...more,
  };
  const axes = [{ path: "pools.gpus.replicas", label: "replicas", values: ["1", "2"] }];
  return optimizationNotes({ optimization, axes, best: found ? 0 : undefined } as unknown as Result);
}

it("one plan has, many plans have", () => {
  const one = { missed: 1, less: 1, bound: 1, dearer: 1, more: 1, met: 2 };
  expect(notes(one, { impossible: 1 })).toEqual([
    "1 plan of 10 contradicts itself and was left out.",
    "What decided the other plans: 1 missed an objective, or could no longer be sure to meet it; 1 has less than a plan that clearly misses; 1 costs at least as much before the first request; 1 costs more on the same requests; 1 has more than a plan that costs more; 1 met every objective.",
  ]);
  const [told] = notes({ less: 2, bound: 3, dearer: 4, more: 5, met: 1 });
  expect(told).toBe(
    "What decided the other plans: 2 have less than a plan that clearly misses; 3 cost at least as much before the first request; 4 cost more on the same requests; 5 have more than a plan that costs more.",
  );
});

it("where none is found there are no other plans", () => {
  expect(notes({ missed: 2 }, { replications: { search: 6, grid: 10, share: 0.6, verification: 0, asides: 1 } }, false)).toEqual([
    "What decided the plans: 2 missed an objective, or could no longer be sure to meet it. Beyond the search it took 1 replication for the rest of what is said here.",
  ]);
});

it("each case of demand is named in words, with what the plan costs there beyond the best for it", () => {
  const usd = { mean: 100, low: 100, high: 100 } as const;
  const best = (usd_per_month: number) => ({ values: ["1"], usd_per_month });
  const told = notes(
    {},
    {
      cases: [
        { name: "1.5", factor: 1.5, usd_per_month: usd, best: best(100), regret_usd_per_month: 0 },
        { name: "p50", factor: 1, usd_per_month: usd, best: best(60), regret_usd_per_month: 40 },
        { name: "monday.csv", factor: 1, usd_per_month: null, best: null, regret_usd_per_month: null },
      ],
    },
  );
  expect(told).toEqual([
    "At 1.5 times the traffic the plan costs $100 ± 0 a month; for that alone none is cheaper.",
    "At the p50 of demand the plan costs $100 ± 0 a month, $40.00 more than the cheapest for that alone, replicas 1 at $60.00 a month.",
    "At trace monday.csv alone no plan is sure to meet every objective.",
  ]);
});
