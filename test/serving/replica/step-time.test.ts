import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { noTime } from "./coefficients.ts";
import { StepTime, stepTimeSettings } from "../../../src/serving/replica/step-time.ts";

const milliseconds = (max: number): fc.Arbitrary<number> => fc.double({ min: 0, max: max / 1000, noNaN: true });

const coefficients = fc.record({
  expertsFloor: fc.oneof(fc.constant(0), milliseconds(30)),
  expertShare: fc.double({ min: 0.01, max: 1, noNaN: true }),
  communication: milliseconds(1),
  communicationPerToken: milliseconds(0.01),
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
      ...noTime,
      overhead: 2,
      denseFloor: 20,
      denseBase: 5,
      densePerToken: 1,
      perSequence: 0.5,
      perKvToken: 0.01,
      perPrefillPair: 0.001,
    };
    const time = new StepTime({ ...noTime, ...given });
    expect(time.iteration(10, 10, 1000, 0)).toBeCloseTo(2 + 20 + 5 + 10, 12);
    expect(time.iteration(40, 10, 1000, 5000)).toBeCloseTo(2 + 45 + 5 + 10 + 5, 12);
  });

  it("counts the experts that so many tokens use, and the GPUs' communication", () => {
    const time = new StepTime({
      ...noTime,
      denseFloor: 10,
      expertsFloor: 8,
      expertShare: 0.5,
      communication: 3,
      communicationPerToken: 0.25,
    });
    expect(time.iteration(1, 1, 0, 0)).toBeCloseTo(10 + 4 + 3.25, 12);
    expect(time.iteration(2, 2, 0, 0)).toBeCloseTo(10 + 6 + 3.5, 12);
    expect(time.iteration(40, 1, 0, 0)).toBeCloseTo(10 + 8 + 13, 9);
  });

  it("can have a table for the dense part: straight lines between its rows, and as it ended after them", () => {
    const time = new StepTime({
      ...noTime,
      dense: [
        [8, 10],
        [16, 12],
        [32, 20],
      ],
    });
    const found = [1, 8, 12, 16, 24, 32, 48].map((tokens) => time.iteration(tokens, 1, 0, 0));
    expect(found).toEqual([10, 10, 11, 12, 16, 20, 28]);
  });

  it("of a leap is the sum over its iterations, each with one more token in every sequence", () => {
    fc.assert(
      fc.property(
        coefficients,
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: 256 }),
        fc.nat(100_000),
        (given, count, decoding, more) => {
          const time = new StepTime({ ...noTime, ...given });
          const kvTokens = 2 * decoding + more;
          let sum = 0;
          for (let i = 0; i < count; i++) sum += time.iteration(decoding, decoding, kvTokens + i * decoding, 0);
          const first = time.iteration(decoding, decoding, kvTokens, 0);
          expect(Math.abs(time.sum(count, first, decoding) / sum - 1)).toBeLessThan(1e-12);
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
          const time = new StepTime({ ...noTime, ...given });
          const kvTokens = 2 * decoding + more;
          const first = time.iteration(decoding, decoding, kvTokens, 0);
          const after = (n: number): number => (n === 0 ? 0 : time.sum(n, first, decoding));
          const elapsed = after(count - 1) + part * (after(count) - after(count - 1));
          const found = time.iterationsUntil(elapsed, first, decoding);
          expect(after(found)).toBeGreaterThanOrEqual(elapsed);
          if (found > 1) expect(after(found - 1)).toBeLessThan(elapsed);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("is one iteration at the very start, and the same boundary when the moment is on it", () => {
    const time = new StepTime({ ...noTime, overhead: 3, perKvToken: 1 });
    expect(time.iterationsUntil(0, 13, 2)).toBe(1);
    for (let count = 1; count < 50; count++) expect(time.iterationsUntil(time.sum(count, 13, 2), 13, 2)).toBe(count);
  });

  it("finds the boundary also where an iteration adds more to the next than it takes itself", () => {
    const time = new StepTime({ ...noTime, overhead: 0.001, perKvToken: 0.001 });
    expect(time.iterationsUntil(0, 0.002, 65)).toBe(1);
    expect(time.iterationsUntil(1e-19, 0.002, 65)).toBe(1);
    for (let count = 2; count < 50; count++) {
      const end = time.sum(count, 0.002, 65);
      expect(time.iterationsUntil(end, 0.002, 65)).toBe(count);
      expect(time.iterationsUntil(end * 0.999, 0.002, 65)).toBe(count);
    }
  });

  it("cannot be set to nothing at all", () => {
    expect(z.safeParse(stepTimeSettings, { perKvToken: "1us" }).success).toBe(false);
    expect(z.safeParse(stepTimeSettings, { overhead: "1us" }).success).toBe(true);
    expect(z.safeParse(stepTimeSettings, { dense: [[1, "1ms"]] }).success).toBe(true);
  });

  it("has a table or coefficients for the dense part, and a table in order", () => {
    const refused = (given: object) => z.safeParse(stepTimeSettings, given).error?.issues.map(({ message }) => message);
    expect(refused({ dense: [[1, "1ms"]], denseFloor: "1ms" })).toEqual(["has a table of the dense part and its coefficients"]);
    expect(
      refused({
        dense: [
          [8, "1ms"],
          [8, "2ms"],
        ],
      }),
    ).toEqual(["the token counts must ascend"]);
  });
});
