import fc from "fast-check";
import { expect, it } from "vitest";
import { arctangent, exp, log, log1p, logGamma, power } from "../../src/kernel/elementary.ts";

/** Bits in which two numbers differ, as a count of units in the last place. */
function unitsApart(a: number, b: number): number {
  return Math.abs(a - b) / Math.max(Number.MIN_VALUE, Math.abs(b) * Number.EPSILON);
}

const finite = (min: number, max: number) => fc.double({ min, max, noNaN: true, noDefaultInfinity: true });
const positive = finite(-700, 700).map((x) => Math.exp(x));

it("the exponential is that of Math to two units in the last place, over its whole range", () => {
  fc.assert(
    fc.property(fc.oneof(finite(-708, 709.7), finite(-1, 1), finite(-1e-9, 1e-9)), (x) => {
      expect(unitsApart(exp(x), Math.exp(x))).toBeLessThanOrEqual(2);
    }),
    { numRuns: 3000 },
  );
  expect([exp(0), exp(-800), exp(800), exp(NaN), exp(-Infinity), exp(Infinity)]).toEqual([1, 0, Infinity, NaN, 0, Infinity]);
  expect(unitsApart(exp(709.78), Math.exp(709.78))).toBeLessThanOrEqual(2);
  // Where numbers have fewer digits left.
  for (const x of [-710, -730, -744.9])
    expect(Math.abs(exp(x) - Math.exp(x))).toBeLessThanOrEqual(2 * Number.MIN_VALUE + 1e-15 * Math.exp(x));
});

it("the logarithm is that of Math to two units in the last place, over its whole range", () => {
  fc.assert(
    fc.property(fc.oneof(positive, finite(0.5, 2), finite(1 - 1e-9, 1 + 1e-9)), (x) => {
      expect(Math.abs(log(x) - Math.log(x))).toBeLessThanOrEqual(2 * Number.EPSILON * Math.abs(Math.log(x)));
    }),
    { numRuns: 3000 },
  );
  expect([log(1), log(0), log(-1), log(NaN), log(Infinity)]).toEqual([0, -Infinity, NaN, NaN, Infinity]);
  for (const x of [Number.MIN_VALUE, 1e-310, Number.MAX_VALUE]) expect(unitsApart(log(x), Math.log(x))).toBeLessThanOrEqual(2);
});

it("each undoes the other", () => {
  fc.assert(
    fc.property(finite(-600, 600), (x) => {
      expect(Math.abs(log(exp(x)) - x)).toBeLessThanOrEqual(4 * Number.EPSILON * Math.max(1, Math.abs(x)));
    }),
  );
});

it("log1p keeps the digits of small numbers", () => {
  fc.assert(
    fc.property(fc.oneof(finite(0, 1e-6), finite(0, 1), finite(0, 1e6)), (x) => {
      expect(Math.abs(log1p(x) - Math.log1p(x))).toBeLessThanOrEqual(4 * Number.EPSILON * Math.log1p(x));
    }),
    { numRuns: 1000 },
  );
});

it("a power is what Math.pow gives, but for the last digits", () => {
  fc.assert(
    fc.property(finite(1e-9, 1e6), finite(-5, 5), (base, exponent) => {
      const expected = Math.pow(base, exponent);
      expect(Math.abs(power(base, exponent) - expected)).toBeLessThanOrEqual(1e-13 * expected);
    }),
  );
  expect([power(0, 2.5), power(0, 0)]).toEqual([0, 1]);
});

it("the gamma function is a factorial at whole numbers, the root of pi at one half, and grows by its argument from x to x + 1", () => {
  let factorial = 1;
  for (let n = 1; n <= 20; n++) {
    expect(logGamma(n)).toBeCloseTo(Math.log(factorial), 12);
    factorial *= n;
  }
  expect(logGamma(0.5)).toBeCloseTo(0.5 * Math.log(Math.PI), 13);
  fc.assert(
    fc.property(finite(0.05, 50), (x) => {
      expect(Math.abs(logGamma(x + 1) - logGamma(x) - Math.log(x))).toBeLessThanOrEqual(1e-12);
    }),
  );
});

it("the arctangent is that of Math", () => {
  fc.assert(
    fc.property(fc.oneof(finite(0, 1), finite(0, 1e9)), (x) => {
      expect(Math.abs(arctangent(x) - Math.atan(x))).toBeLessThanOrEqual(1e-14);
    }),
  );
});
