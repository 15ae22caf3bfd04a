import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ExtremeOverWindow } from "../../../../src/serving/fleet/scaling/extreme-over-window.ts";

describe("the extreme over a window", () => {
  it("is the largest and the least of all that was noted in it, its ends included", () => {
    const notes = fc.array(fc.record({ gap: fc.nat(3), value: fc.integer({ min: -5, max: 5 }) }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(notes, fc.nat(12), (all, window) => {
        const largest = new ExtremeOverWindow("largest");
        const least = new ExtremeOverWindow("least");
        const past: { at: number; value: number }[] = [];
        let at = 0;
        for (const { gap, value } of all) {
          at += gap;
          past.push({ at, value });
          largest.add(at, value);
          least.add(at, value);
          const within = past.filter((note) => note.at >= at - window).map((note) => note.value);
          expect(largest.since(at - window)).toBe(Math.max(...within));
          expect(least.since(at - window)).toBe(Math.min(...within));
        }
      }),
    );
  });

  it("takes no value from before the last", () => {
    const least = new ExtremeOverWindow("least");
    least.add(2, 7);
    expect(() => least.add(1, 7)).toThrow("assertion failed: moments never go back");
  });

  it("is none where nothing was noted", () => {
    const largest = new ExtremeOverWindow("largest");
    largest.add(1, 7);
    expect(() => largest.since(2)).toThrow("assertion failed: a value was noted in the window");
  });
});
