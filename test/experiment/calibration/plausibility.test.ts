import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TimePairs } from "../../../src/experiment/calibration/errors.ts";
import { isPlausible, mediansOf } from "../../../src/experiment/calibration/plausibility.ts";

const time = fc.double({ min: 1e-6, max: 1e3, noNaN: true });

function pair(measured: number, simulated: number): TimePairs {
  return { ttft: { measured: 1, simulated: 1 }, tpot: { measured, simulated } };
}

describe("isPlausible", () => {
  it("takes times up to 50 times as long, or as short, as the base's", () => {
    expect([1 / 51, 1 / 49, 1, 49, 51].map((measured) => isPlausible({ measured, simulated: 1 }))).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
  });

  it("never takes milliseconds for seconds where it took the seconds themselves", () => {
    fc.assert(
      fc.property(time, fc.double({ min: 1 / 19, max: 19, noNaN: true }), (simulated, factor) => {
        const measured = simulated * factor;
        expect(isPlausible({ measured, simulated })).toBe(true);
        expect(isPlausible({ measured: measured * 1000, simulated })).toBe(false);
        expect(isPlausible({ measured: measured / 1000, simulated })).toBe(false);
      }),
    );
  });
});

describe("mediansOf", () => {
  it("leaves out what has no such time, and has nothing to say where nothing has", () => {
    expect(mediansOf([pair(1, 10), pair(NaN, 1000), pair(3, 30), pair(2, 20)], "tpot")).toEqual({ measured: 2, simulated: 20 });
    expect(mediansOf([pair(NaN, NaN)], "tpot")).toBeUndefined();
  });
});
