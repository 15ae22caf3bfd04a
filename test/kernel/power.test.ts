import fc from "fast-check";
import { expect, it } from "vitest";
import { power } from "../../src/kernel/power.ts";

it("a power is what Math.pow gives, but for the last digits", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-9, max: 1e6, noNaN: true }), fc.double({ min: -5, max: 5, noNaN: true }), (base, exponent) => {
      const expected = Math.pow(base, exponent);
      expect(Math.abs(power(base, exponent) - expected)).toBeLessThanOrEqual(1e-13 * expected);
    }),
  );
});

it("zero to a power is zero, and to the power of zero one", () => {
  expect(power(0, 2.5)).toBe(0);
  expect(power(0, 0)).toBe(1);
});
