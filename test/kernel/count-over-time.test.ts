import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CountOverTime } from "../../src/kernel/count-over-time.ts";

describe("a count over time", () => {
  it("puts each amount into the window it falls into, which holds its start and not its end", () => {
    const count = new CountOverTime(10, 30);
    count.add(0);
    count.add(9.99, 4);
    count.add(10, 2);
    count.add(29.99);
    expect([...count.counts]).toEqual([5, 2, 1]);
  });

  it("has as many windows as the horizon begins, and leaves out what falls on it or after", () => {
    const count = new CountOverTime(10, 25);
    for (const now of [24.9, 25, 27, 1000]) count.add(now);
    expect([...count.counts]).toEqual([0, 0, 1]);
  });

  it("begins to count when it is told to, and knows its sum and its fullest window", () => {
    const count = new CountOverTime(10, 50, 15);
    for (const now of [0, 14.9, 15, 19, 31]) count.add(now, 3);
    expect([...count.counts]).toEqual([0, 6, 0, 3, 0]);
    expect([count.total(), count.largest()]).toEqual([9, 6]);
  });

  it("loses nothing of what falls before the horizon, however windows and moments are rounded", () => {
    const positive = fc.double({ min: 1e-3, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(positive, fc.integer({ min: 1, max: 300 }), fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (window, n, shares) => {
        const horizon = window * n;
        const count = new CountOverTime(window, horizon);
        const moments = [...shares.map((share) => share * horizon), horizon * (1 - Number.EPSILON / 2)]
          .filter((now) => now < horizon)
          .sort((a, b) => a - b);
        for (const now of moments) count.add(now);
        expect(count.counts.reduce((sum, one) => sum + one, 0)).toBe(moments.length);
      }),
    );
  });
});
