import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { estimate } from "../../../src/experiment/estimate.ts";
import { barOf, bestLowerEnd, bestLowerEndBelow } from "../../../src/experiment/optimization/prospects.ts";

const confidences = fc.constantFrom(0.95, 0.99);
const budget = fc.double({ min: -5, max: 1, noNaN: true });

const lowerEnd = (values: readonly number[], confidence: number): number => {
  const { mean, low = mean } = estimate(values, confidence);
  return low;
};

describe("what an objective can still reach", () => {
  it("is never less than what any other replications bring it to", () => {
    fc.assert(
      fc.property(
        fc.array(budget, { minLength: 1, maxLength: 5 }),
        fc.array(budget, { maxLength: 4 }),
        confidences,
        (known, rest, confidence) => {
          const values = [...known, ...rest];
          expect(bestLowerEnd(known, barOf(values.length, confidence))).toBeGreaterThanOrEqual(lowerEnd(values, confidence) - 1e-6);
        },
      ),
    );
  });

  it("is the lower end itself once all replications are there", () => {
    fc.assert(
      fc.property(fc.array(budget, { minLength: 1, maxLength: 8 }), confidences, (known, confidence) => {
        expect(bestLowerEnd(known, barOf(known.length, confidence))).toBeCloseTo(lowerEnd(known, confidence), 9);
      }),
    );
  });

  it("is below nought after one replication in five that is a third of the budget over", () => {
    // (5 − 1 − t) / (1 + t) with t = 2.776 is 0.324: beyond it four replications without a miss are too few.
    const bar = barOf(5, 0.95);
    expect(bestLowerEnd([-0.33], bar)).toBeLessThan(0);
    expect(bestLowerEnd([-0.32], bar)).toBeGreaterThan(0);
  });

  it("is the budget itself with one replication, which has no interval", () => {
    expect(bestLowerEnd([-0.1], barOf(1, 0.95))).toBe(-0.1);
  });
});

it("no plan that leaves less in every replication reaches more than what those below can", () => {
  const paired = fc.array(fc.tuple(budget, fc.double({ min: 0, max: 3, noNaN: true })), { minLength: 2, maxLength: 8 });
  fc.assert(
    fc.property(paired, fc.nat(), confidences, (pairs, known, confidence) => {
      const seen = 1 + (known % pairs.length);
      const mine = pairs.slice(0, seen).map(([value]) => value);
      const less = pairs.map(([value, by], i) => (i < seen ? value : 1) - by);
      expect(bestLowerEndBelow(mine, barOf(pairs.length, confidence))).toBeGreaterThanOrEqual(lowerEnd(less, confidence) - 1e-6);
    }),
  );
});
