import { expect, test } from "vitest";
import type { Result } from "../../../src/experiment/result.ts";
import { cacheHitRate } from "../../../src/report/charts/cache-hit-rate.ts";
import { around, filling, simulated } from "../fixture.ts";

const given = filling(simulated());
const [point] = given.points;
const windows = 1440;

/** Caches with so many look-ups in every window, and a hit rate by window. */
function caching(rates: Readonly<Record<string, (window: number) => number>>, lookups = 1000, keyed = true): Result {
  const names = Object.keys(rates);
  const series = Object.fromEntries(
    names.map((name) => [
      name,
      {
        lookups: Array.from({ length: windows }, () => lookups),
        hits: Array.from({ length: windows }, (_, i) => Math.round(lookups * rates[name](i))),
      },
    ]),
  );
  const kept = { ...point.caches["answers"], entries: keyed ? around(9, 1) : null };
  const caches = Object.fromEntries(names.map((name) => [name, kept]));
  return { ...given, points: [{ ...point, caches, series: { ...point.series, caches: series } }] };
}

interface Layer {
  readonly data: { readonly values: readonly { readonly t: number; readonly v: number | null }[] };
  readonly mark: { readonly type: string };
}
const lines = (result: Result) =>
  (cacheHitRate.spec(result) as unknown as { vconcat: { layer: Layer[] }[] }).vconcat[0].layer.filter(({ mark }) => mark.type === "line");

test("it applies where a hit rate is an outcome or changes, not where it is given and stays", () => {
  expect(cacheHitRate.applies(simulated())).toBe(false);
  expect(cacheHitRate.applies(given)).toBe(true);
  expect(cacheHitRate.applies(caching({ answers: () => 0.3 }, 1000, false))).toBe(false);
  expect(cacheHitRate.applies(caching({ answers: (i) => (i < 700 ? 0.3 : 0.6) }, 1000, false))).toBe(true);
  expect(cacheHitRate.applies(caching({ answers: () => 0.3 }, 0))).toBe(false);
  expect(cacheHitRate.applies({ ...given, points: [] })).toBe(false);
});

test("a line is hits over look-ups for each cache, and an invalidation is a drop", () => {
  const drawn = lines(caching({ answers: (i) => (i < 900 ? 0.4 : 0.1), faq: () => 0.25 }));
  expect(drawn.map(({ data }) => new Set(data.values.map(({ v }) => v)))).toEqual([new Set([0.4, 0.1]), new Set([0.25])]);
  const rows = lines(given)[0].data.values;
  expect(Math.max(...rows.map(({ v }) => v!))).toBeCloseTo(0.4, 1);
  const later = rows.filter(({ t }) => t > 2).toSorted((a, b) => a.v! - b.v!);
  expect(later[0]).toEqual({ t: 16, v: 0 });
});

test("windows of few look-ups are added up, and none is null where something was looked up", () => {
  const few = caching({ answers: () => 0.5 }, 10);
  const values = lines(few)[0].data.values;
  expect(values.length).toBeLessThan(windows / 20);
  expect(values.every(({ v }) => v === 0.5)).toBe(true);
});

test("the finding is when a cache has reached nine tenths of its final hit rate", () => {
  expect(cacheHitRate.headline(caching({ answers: (i) => (i < 120 ? 0.1 : 0.4) }))).toBe(
    "answers reaches 90 % of its final hit rate of 40.0 % after 2 h",
  );
  expect(cacheHitRate.headline(given)).toMatch(/^answers reaches 90 % of its final hit rate of 38\.\d % after 1 h 5\d m$/);
});

test("a rate that still moves at the end is no final one", () => {
  expect(cacheHitRate.headline(caching({ answers: (i) => (0.5 * i) / windows }))).toBe(
    "The hit rate of answers still rises at the end, from 40.6 % to 46.9 % between the last two eighths of the run",
  );
  expect(cacheHitRate.headline(caching({ answers: (i) => (i < 1260 ? 0.4 : 0.1) }))).toBe(
    "The hit rate of answers falls at the end, from 40.0 % to 10.0 % between the last two eighths of the run",
  );
});

test("nothing is claimed of a rate that was there from the start, or of few hits", () => {
  expect(cacheHitRate.headline(caching({ answers: () => 0.3, faq: () => 0.2 }))).toBe(
    "answers has a hit rate of 30.0 % in the last quarter of the run; faq has a hit rate of 20.0 % in the last quarter of the run",
  );
  const rare = caching({ answers: (i) => (i > 100 && i % 36 === 0 ? 1 : 0) }, 1);
  expect(cacheHitRate.headline(rare)).toBe("answers has a hit rate of 2.8 % in the last quarter of the run");
});
