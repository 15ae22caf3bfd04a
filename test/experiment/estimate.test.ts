import fc from "fast-check";
import { expect, it } from "vitest";
import { Streams } from "../../src/kernel/random.ts";
import { estimate, estimateAll } from "../../src/experiment/estimate.ts";

it("one replication has a mean and no interval", () => {
  expect(estimate([3])).toEqual({ mean: 3 });
});

it("replications that agree have an interval of no width", () => {
  expect(estimate([2, 2, 2])).toEqual({ mean: 2, low: 2, high: 2 });
});

it("the interval of 1, 2, 3 is 2 ± 4.303/√3", () => {
  const { mean, low, high } = estimate([1, 2, 3]);
  expect(mean).toBe(2);
  expect(high! - mean).toBeCloseTo(4.3027 / Math.sqrt(3), 3);
  expect(mean - low!).toBeCloseTo(high! - mean, 12);
});

it("95 % of the intervals hold the true mean", () => {
  const random = new Streams(1, 0).sequence("coverage");
  let covered = 0;
  for (let trial = 0; trial < 2000; trial++) {
    const { low, high } = estimate(Array.from({ length: 5 }, () => random.uniform() + random.uniform() + random.uniform()));
    if (low! <= 1.5 && 1.5 <= high!) covered++;
  }
  expect(covered / 2000).toBeGreaterThan(0.935);
  expect(covered / 2000).toBeLessThan(0.965);
});

it("scaling the values scales the interval", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 2, maxLength: 20 }),
      fc.integer({ min: 1, max: 50 }),
      (values, factor) => {
        const [plain, scaled] = [estimate(values), estimate(values.map((value) => value * factor))];
        expect(scaled.mean).toBeCloseTo(plain.mean * factor, 6);
        expect(scaled.high!).toBeCloseTo(plain.high! * factor, 6);
      },
    ),
  );
});

it("a structure of numbers becomes the same structure of estimates", () => {
  expect(estimateAll([{ a: 1, b: { c: 4 } }])).toEqual({ a: { mean: 1 }, b: { c: { mean: 4 } } });
});

it("a number that some replications lack is estimated from the others, and is null when all lack it", () => {
  expect(estimateAll([{ p50: 2 }, { p50: null }, { p50: 2 }])).toEqual({ p50: { mean: 2, low: 2, high: 2 } });
  expect(estimateAll([{ p50: null }, { p50: null }])).toEqual({ p50: null });
});
