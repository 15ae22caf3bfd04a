import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Level } from "../../src/kernel/level.ts";

/** Steps of a level at ascending times; many at the same time, many at the bounds of windows. */
const history = fc
  .array(fc.record({ gap: fc.oneof(fc.constant(0), fc.nat(9), fc.double({ min: 0, max: 9, noNaN: true })), value: fc.nat(20) }), {
    maxLength: 40,
  })
  .map((steps) => {
    let at = 0;
    return steps.map(({ gap, value }) => ({ at: (at += gap), value }));
  });

/** The pieces on which the level is constant, from 0 to `horizon`. */
function pieces(steps: readonly { at: number; value: number }[], horizon: number): { from: number; to: number; value: number }[] {
  const all = [{ at: 0, value: 0 }, ...steps.filter(({ at }) => at <= horizon), { at: horizon, value: 0 }];
  return all.slice(0, -1).map(({ at, value }, i) => ({ from: at, to: all[i + 1].at, value }));
}

function areaBetween(steps: readonly { at: number; value: number }[], horizon: number, from: number, to: number): number {
  return pieces(steps, horizon).reduce(
    (sum, piece) => sum + piece.value * Math.max(0, Math.min(to, piece.to) - Math.max(from, piece.from)),
    0,
  );
}

describe("a level", () => {
  it("has the area, the mean of each window and the largest value of its history", () => {
    fc.assert(
      fc.property(history, fc.nat(30), fc.integer({ min: 1, max: 40 }), (steps, warmup, windowLength) => {
        const horizon = Math.max(warmup, steps.at(-1)?.at ?? 0) + 7;
        const level = new Level({ warmup, horizon, window: windowLength });
        for (const { at, value } of steps) level.set(at, value);
        expect(level.area(horizon)).toBeCloseTo(areaBetween(steps, horizon, warmup, horizon), 6);
        const means = level.windowMeans(horizon);
        expect(means).toHaveLength(Math.ceil(horizon / windowLength));
        means.forEach((mean, w) => {
          const [from, to] = [w * windowLength, Math.min(horizon, (w + 1) * windowLength)];
          expect(mean).toBeCloseTo(areaBetween(steps, horizon, from, to) / (to - from), 6);
        });
        const measured = pieces(steps, horizon).filter(({ to }) => to >= warmup);
        expect(level.largest(horizon)).toBe(Math.max(0, ...measured.map(({ value }) => value)));
      }),
    );
  });

  it("is at any moment the sum of the changes", () => {
    const level = new Level({ warmup: 0, horizon: 10, window: 1 });
    level.add(1, 3);
    level.add(2, -1);
    expect(level.value).toBe(2);
    expect(level.area(4)).toBe(3 + 2 * 2);
  });

  it("is largest where it has stood since before the warm-up, if nothing happens after it", () => {
    const level = new Level({ warmup: 5, horizon: 10, window: 1 });
    level.set(1, 3);
    expect(level.largest(4)).toBe(0);
    expect(level.largest(10)).toBe(3);
  });
});
