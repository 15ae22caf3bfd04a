import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { StepTime, stepTimeSettings } from "../../src/serving/step-time.ts";

const milliseconds = (max: number): fc.Arbitrary<number> => fc.double({ min: 0, max: max / 1000, noNaN: true });

const coefficients = fc.record({
  overhead: fc.double({ min: 1e-4, max: 0.01, noNaN: true }),
  denseFloor: milliseconds(30),
  denseBase: milliseconds(10),
  densePerToken: milliseconds(0.2),
  perSequence: milliseconds(0.05),
  perKvToken: fc.oneof(fc.constant(0), milliseconds(0.001)),
  perPrefillPair: milliseconds(0.00001),
});

describe("the time of iterations", () => {
  it("is the design's formula, on both sides of the hinge", () => {
    const given = {
      overhead: 2,
      denseFloor: 20,
      denseBase: 5,
      densePerToken: 1,
      perSequence: 0.5,
      perKvToken: 0.01,
      perPrefillPair: 0.001,
    };
    const time = new StepTime(given);
    expect(time.iteration(10, 10, 1000, 0)).toBeCloseTo(2 + 20 + 5 + 10, 12);
    expect(time.iteration(40, 10, 1000, 5000)).toBeCloseTo(2 + 45 + 5 + 10 + 5, 12);
  });

  it("of a leap is the sum over its iterations, each with one more token in every sequence", () => {
    fc.assert(
      fc.property(
        coefficients,
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: 256 }),
        fc.nat(100_000),
        (given, count, decoding, more) => {
          const time = new StepTime(given);
          const kvTokens = 2 * decoding + more;
          let sum = 0;
          for (let i = 0; i < count; i++) sum += time.iteration(decoding, decoding, kvTokens + i * decoding, 0);
          expect(Math.abs(time.decoding(count, decoding, kvTokens) / sum - 1)).toBeLessThan(1e-12);
        },
      ),
    );
  });

  it("can be undone: the boundary after a moment is the first that is not before it", () => {
    fc.assert(
      fc.property(
        coefficients,
        fc.integer({ min: 1, max: 256 }),
        fc.nat(100_000),
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (given, decoding, more, count, part) => {
          const time = new StepTime(given);
          const kvTokens = 2 * decoding + more;
          const after = (n: number): number => (n === 0 ? 0 : time.decoding(n, decoding, kvTokens));
          const elapsed = after(count - 1) + part * (after(count) - after(count - 1));
          const found = time.iterationsUntil(elapsed, decoding, kvTokens);
          expect(after(found)).toBeGreaterThanOrEqual(elapsed);
          if (found > 1) expect(after(found - 1)).toBeLessThan(elapsed);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("is one iteration at the very start, and the same boundary when the moment is on it", () => {
    const time = new StepTime({
      overhead: 3,
      denseFloor: 0,
      denseBase: 0,
      densePerToken: 0,
      perSequence: 0,
      perKvToken: 1,
      perPrefillPair: 0,
    });
    expect(time.iterationsUntil(0, 2, 10)).toBe(1);
    for (let count = 1; count < 50; count++) expect(time.iterationsUntil(time.decoding(count, 2, 10), 2, 10)).toBe(count);
  });

  it("cannot be set to nothing at all", () => {
    expect(z.safeParse(stepTimeSettings, { perKvToken: "1us" }).success).toBe(false);
    expect(z.safeParse(stepTimeSettings, { overhead: "1us" }).success).toBe(true);
  });
});
