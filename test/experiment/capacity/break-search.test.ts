import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { breakOf, factorOf, questions, searchBreak, type Trial } from "../../../src/experiment/capacity/break-search.ts";
import { multiples } from "../../../src/experiment/capacity/multiples.ts";
import type { Point, Verdict } from "../../../src/experiment/result.ts";

const grid = multiples(0.01, 16);

/** A system whose budget falls through zero at `root`, known to `doubt` on either side of it. */
function falling(root: number, doubt: number, tried: number[] = []): (step: number) => Promise<Trial> {
  return async (step) => {
    tried.push(step);
    const multiple = grid.at(step);
    const mean = 1 - multiple / root;
    const verdict: Verdict = mean - doubt >= 0 ? "met" : mean + doubt < 0 ? "missed" : "undecided";
    return { step, multiple, simulated: undefined as never, point: { verdict, margin: { mean } } as Point };
  };
}

describe("the search for the break", () => {
  it("brackets every question by neighbours of the grid, in order, around the root", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 0.02, max: 15, noNaN: true }),
        fc.double({ min: 0, max: 0.3, noNaN: true }),
        async (root, doubt) => {
          const tried: number[] = [];
          const trials = await searchBreak(grid, falling(root, doubt, tried));
          expect(new Set(tried).size).toBe(tried.length);
          expect(tried.length).toBeLessThan(40);
          for (const question of Object.values(questions)) {
            const { last, first } = breakOf(trials, question);
            if (last !== undefined && first !== undefined) expect(first.step - last.step).toBe(1);
          }
          const low = breakOf(trials, questions.surelyMet).last?.multiple ?? 0;
          const high = breakOf(trials, questions.notSurelyMissed).first?.multiple ?? Infinity;
          const factor = factorOf(trials)!;
          expect(Math.abs(factor / root - 1)).toBeLessThan(1e-9);
          expect(low).toBeLessThanOrEqual(factor);
          expect(high).toBeGreaterThanOrEqual(factor);
        },
      ),
    );
  });

  it("ends at the largest multiple where nothing breaks, and at the least where nothing holds", async () => {
    const kept = await searchBreak(grid, falling(1000, 0));
    expect(kept.map(({ multiple }) => multiple)).toEqual([1, 2, 4, 8, 16]);
    expect(factorOf(kept)).toBeNull();
    const missed = await searchBreak(grid, falling(0.001, 0));
    expect(missed.map(({ multiple }) => multiple)).toEqual([0.01563, 0.03125, 0.0625, 0.125, 0.25, 0.5, 1]);
    expect(breakOf(missed, questions.notSurelyMissed)).toMatchObject({ last: undefined, first: { multiple: 0.01563 } });
  });
});
