import { expect, it } from "vitest";
import { hardestFirst } from "../../../src/experiment/optimization/hardest-first.ts";
import type { Sample } from "../../../src/experiment/optimization/trials.ts";

const plan = (budgets: Readonly<Record<number, number>>): Sample[] =>
  Object.entries(budgets).map(([replication, left]) => ({
    unit: { demand: 0, replication: Number(replication) },
    usd: 0,
    budgets: [1, left],
    silent: false,
  }));

it("the replications in which plans fall furthest below their own mean come first", () => {
  expect(hardestFirst([plan({ 0: 0.9, 1: 0.8, 2: -0.9, 3: 0.9 })], 5)).toEqual([2, 4, 1, 0, 3]);
});

it("a replication is not hard because only weak plans were tried on it", () => {
  const strong = plan({ 0: 0.2, 1: 0.9 });
  expect(hardestFirst([strong, plan({ 1: -0.5 }), plan({ 1: -0.7 })], 2)).toEqual([0, 1]);
});

it("hopeless plans say no more than others of what is hard", () => {
  expect(hardestFirst([plan({ 0: 0.1, 1: 0.9 }), plan({ 0: -3, 1: -9 })], 2)).toEqual([0, 1]);
});

it("in their own order while nothing is known", () => {
  expect(hardestFirst([plan({ 3: 0.1 })], 4)).toEqual([0, 1, 2, 3]);
});
