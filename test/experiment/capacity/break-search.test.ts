import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { breakOf, factorOf, questions, searchBreak, type Trial } from "../../../src/experiment/capacity/break-search.ts";
import { multiples } from "../../../src/experiment/capacity/multiples.ts";
import type { Point, Verdict } from "../../../src/experiment/result.ts";

const grid = multiples(0.01, 16);

type Budget = (multiple: number) => number;

/** Budget left that falls through zero at `root`. */
const falling =
  (root: number): Budget =>
  (multiple) =>
    1 - multiple / root;

interface Search {
  readonly trials: Trial[];
  readonly tried: number[];
  readonly scouted: number[];
}

/** A system of which the budget is known to `doubt` on either side, and whose first replication is off by so much. */
async function search(budget: Budget, doubt = 0, off = 0, silentBelow = 0): Promise<Search> {
  const [tried, scouted]: number[][] = [[], []];
  const attempt = async (step: number): Promise<Trial> => {
    tried.push(step);
    const multiple = grid.at(step);
    const mean = budget(multiple);
    const heard = multiple >= silentBelow;
    const verdict: Verdict = !heard ? "undecided" : mean - doubt >= 0 ? "met" : mean + doubt < 0 ? "missed" : "undecided";
    return { step, multiple, simulated: undefined as never, point: { verdict, margin: { mean } } as Point, heard };
  };
  const trials = await searchBreak(grid, attempt, async (step) => {
    scouted.push(step);
    return grid.at(step) >= silentBelow ? budget(grid.at(step)) + off : undefined;
  });
  return { trials, tried, scouted };
}

const lowOf = (trials: readonly Trial[]) => breakOf(trials, questions.surelyMet).last?.multiple;
const highOf = (trials: readonly Trial[]) => breakOf(trials, questions.notSurelyMissed).first?.multiple;

describe("the search for the break", () => {
  it("brackets the factor by neighbours of the grid and its ends as finely as they are far, in order, wherever the first replication breaks", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 0.02, max: 15, noNaN: true }),
        fc.double({ min: 0, max: 0.3, noNaN: true }),
        fc.double({ min: -1, max: 1, noNaN: true }),
        async (root, doubt, off) => {
          const { trials, tried, scouted } = await search(falling(root), doubt, off * doubt);
          expect(new Set(tried).size).toBe(tried.length);
          expect(new Set(scouted).size).toBe(scouted.length);
          expect(trials.map(({ step }) => step)).toEqual(tried.toSorted((a, b) => a - b));
          expect(tried.length).toBeLessThan(25);
          const { last, first } = breakOf(trials, questions.keptByMeans);
          if (first !== undefined) expect(first.step - last!.step).toBe(1);
          const factor = factorOf(trials) ?? 16;
          expect(Math.abs(factor / Math.min(root, 16) - 1)).toBeLessThan(first === undefined ? 0.1 : 1e-9);
          const [low, high] = [lowOf(trials) ?? 0, highOf(trials) ?? Infinity];
          expect(low).toBeLessThanOrEqual(factor);
          expect(high).toBeGreaterThanOrEqual(factor);
          // Where the ends are for sure, and by how much further out they may be told.
          const [surely, surelyNot] = [root * (1 - doubt), root * (1 + doubt)];
          if (low > 0) expect(low).toBeGreaterThan(surely * (surely / root) ** 0.6 * 0.98);
          if (high < Infinity) expect(high).toBeLessThan(surelyNot * (surelyNot / root) ** 0.6 * 1.02);
        },
      ),
    );
  });

  it("tries few multiples in all replications where the first one tells well where it breaks", async () => {
    const { tried, scouted } = await search(falling(1.37), 0.02);
    expect(tried.length).toBeLessThan(10);
    expect(scouted.length).toBeLessThan(8);
  });

  it("ends at the largest multiple where nothing breaks, and at the least where nothing holds", async () => {
    const kept = await search(falling(1000));
    expect(kept.trials.map(({ multiple }) => multiple)).toEqual([1, 16]);
    expect(factorOf(kept.trials)).toBeNull();
    const missed = await search(falling(0.001));
    expect(missed.trials.map(({ multiple }) => multiple)).toEqual([0.01563, 1]);
    expect(breakOf(missed.trials, questions.notSurelyMissed)).toMatchObject({ last: undefined, first: { multiple: 0.01563 } });
  });

  it("looks at more traffic where less does worse, and searches beyond where it does well", async () => {
    const island: Budget = (multiple) => 1 - Math.abs(Math.log2(multiple / 3)) / 0.8;
    const { trials } = await search(island, 0.05);
    const top = 3 * 2 ** 0.8;
    expect(factorOf(trials)! / top).toBeCloseTo(1, 2);
    expect(lowOf(trials)!).toBeLessThanOrEqual(top);
    expect(highOf(trials)!).toBeGreaterThanOrEqual(top);
  });

  it("does not take a multiple at which some class had no request for one that keeps the SLO", async () => {
    const { trials } = await search((multiple) => (multiple < 0.1 ? 1 : -1), 0, 0, 0.1);
    expect(factorOf(trials)).toBeNull();
    expect(lowOf(trials)).toBeUndefined();
  });
});
