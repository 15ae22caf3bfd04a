import { expect, it } from "vitest";
import { fillingCaches } from "../../src/experiment/filling-caches.ts";
import type { Estimate } from "../../src/experiment/result.ts";
import { simulated } from "../report/fixture.ts";

const [point] = simulated().points;
const filling = (rate: (window: number) => number, entries: Estimate | null = { mean: 9 }) => {
  const lookups = Array.from({ length: 100 }, () => 50);
  const caches = { answers: { lookups, hits: lookups.map((count, i) => Math.round(count * rate(i))) } };
  const held = { answers: { ...Object.values(point.caches)[0], entries } };
  return fillingCaches({ ...point, caches: held, series: { ...point.series, window_s: 60, caches } }, 600, 6000);
};

it("a hit rate that rises after the warm-up is told, from its first third to its last", () => {
  expect(filling((window) => window / 100).map(({ text }) => text)).toEqual([
    "answers: its hit rate rose from 25 % in the first third of what is measured to 85 % in the last, so that the warm-up is shorter than it takes to fill",
  ]);
});

it("one that falls, stays, moves no further than by chance, or rose in the warm-up alone is not", () => {
  expect(filling((window) => 1 - window / 100)).toEqual([]);
  expect(filling(() => 0.3)).toEqual([]);
  expect(filling((window) => (window < 60 ? 0.3 : 0.32))).toEqual([]);
  expect(filling((window) => (window < 10 ? 0 : 0.3))).toEqual([]);
});

it("nor is one that is given, which rises for another reason, such as a store that was away", () => {
  expect(filling((window) => window / 100, null)).toEqual([]);
});
