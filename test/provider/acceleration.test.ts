import { describe, expect, it } from "vitest";
import { callOf, limiterOf } from "./limiters.ts";

const settings = { law: "acceleration", window: "10s", growth: 2, rpm: 60 };

/** How many of so many calls at each of the moments are taken. */
function taken(given: Record<string, unknown>, moments: readonly (readonly [at: number, calls: number])[]): number[] {
  const limiter = limiterOf({ ...settings, ...given });
  return moments.map(
    ([at, calls]) => Array.from({ length: calls }, () => limiter.admit(at, callOf({}))).filter((wait) => wait === 0).length,
  );
}

describe("an account whose growth is limited", () => {
  it("takes from window to window at most a multiple of what it took before, and begins again after an empty one", () => {
    const moments = [0, 10, 20, 30, 50].map((at) => [at, 1000] as const);
    expect(taken({}, moments)).toEqual([10, 20, 40, 80, 10]);
  });

  it("counts what it took, not what was asked for, and always takes the rate's worth", () => {
    expect(
      taken({}, [
        [0, 1000],
        [10, 3],
        [20, 1000],
      ]),
    ).toEqual([10, 3, 10]);
    expect(
      taken({ growth: 1.5 }, [
        [0, 10],
        [10, 1000],
        [20, 1000],
      ]),
    ).toEqual([10, 15, 22]);
  });

  it("lets all of a load through that it has grown up to, however high", () => {
    const windows = Array.from({ length: 10 }, (_, i) => [10 * i, 1000] as const);
    expect(taken({}, windows)).toEqual([10, 20, 40, 80, 160, 320, 640, 1000, 1000, 1000]);
  });

  it("holds tokens to the same, and promises nothing to a call that the next window would not take either", () => {
    const limiter = limiterOf({ law: "acceleration", window: "10s", growth: 2, tpm: 6000, outputWeight: 0 });
    expect(limiter.admit(0, callOf({ input: 900 }))).toBe(0);
    expect(limiter.admit(2, callOf({ input: 1800 }))).toBe(8);
    expect(limiter.admit(2, callOf({ input: 1801 }))).toBe(Infinity);
    expect(limiter.admit(10, callOf({ input: 1800 }))).toBe(0);
    expect(limiter.admit(10, callOf({ input: 1 }))).toBe(10);
  });
});
