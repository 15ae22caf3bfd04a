import fc from "fast-check";
import { expect, it } from "vitest";
import { percentile, selectPercentiles } from "../../src/kernel/percentile.ts";

it("the p95 of 1 to 20 is 19: at least 95 % of the values do not exceed it", () => {
  expect(
    percentile(
      Float64Array.from({ length: 20 }, (_, i) => i + 1),
      0.95,
    ),
  ).toBe(19);
});

it("no values have no percentile", () => {
  expect(percentile(new Float64Array(0), 0.5)).toBeUndefined();
});

it("a percentile is the smallest value that enough of the values do not exceed", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 200 }),
      fc.integer({ min: 1, max: 100 }),
      (values, percent) => {
        const sorted = Float64Array.from(values).sort();
        const found = percentile(sorted, percent / 100)!;
        const shareUpTo = (bound: number): number => values.filter((value) => value <= bound).length * 100;
        expect(shareUpTo(found)).toBeGreaterThanOrEqual(percent * values.length);
        for (const value of values) if (value < found) expect(shareUpTo(value)).toBeLessThan(percent * values.length);
      },
    ),
  );
});

it("selection finds what sorting finds", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 2000 }), (values) => {
      const sorted = Float64Array.from(values).sort();
      const shares = [0.99, 0.95, 0.5];
      expect(selectPercentiles(Float64Array.from(values), shares)).toEqual(shares.map((share) => percentile(sorted, share)));
    }),
  );
});
