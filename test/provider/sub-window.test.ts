import { describe, expect, it } from "vitest";
import { callOf, limiterOf } from "./limiters.ts";

const taken = (settings: Record<string, unknown>, moments: readonly number[]): number => {
  const limiter = limiterOf({ law: "subWindow", ...settings });
  return moments.filter((at) => limiter.admit(at, callOf({ input: 100 })) === 0).length;
};

describe("a rate over part of a minute", () => {
  it.each([
    ["1s", 10],
    ["10s", 100],
  ])("of 600 requests a minute takes in each %s %i", (window, most) => {
    expect(taken({ rpm: 600, window }, Array<number>(500).fill(0))).toBe(most);
    const second = Array.from({ length: 6000 }, (_, i) => i / 100);
    expect(taken({ rpm: 600, window }, second)).toBe(600);
  });

  it("takes whole requests, at least one, however low the rate", () => {
    expect(taken({ rpm: 90, window: "1s" }, [0, 0.1, 0.2])).toBe(1);
    expect(taken({ rpm: 6, window: "1s" }, [0, 0.5, 1, 1.5, 2])).toBe(3);
  });

  it("holds tokens to the same window, and says when it ends", () => {
    const limiter = limiterOf({ law: "subWindow", tpm: 6000, window: "10s", defaultMaxOutput: 100 });
    expect(limiter.admit(3, callOf({ input: 850, maxOutput: 50 }))).toBe(0);
    expect(limiter.admit(4, callOf({ input: 1 }))).toBe(6);
    expect(limiter.admit(4, callOf({ input: 901 }))).toBe(Infinity);
    expect(limiter.admit(4, callOf({ input: 50, maxOutput: 50 }))).toBe(0);
  });

  it("takes one call that comes back when told to, in a window of its own, though the sum of the two times is rounded", () => {
    for (let i = 0; i < 3000; i++) {
      const limiter = limiterOf({ law: "subWindow", rpm: 60, window: "700ms" });
      const at = i * 0.1237;
      expect(limiter.admit(at, callOf({}))).toBe(0);
      const told = at + limiter.admit(at, callOf({}));
      expect(limiter.admit(told, callOf({}))).toBe(0);
      expect(limiter.admit(told, callOf({}))).toBeGreaterThan(0.69);
    }
  });

  it.each([
    [false, 0],
    [true, 1],
  ])("lets refused calls use up requests where they count (%s)", (refusedCount, wait) => {
    const limiter = limiterOf({ law: "subWindow", rpm: 120, tpm: 6000, window: "1s", outputWeight: 0, refusedCount });
    expect([90, 20, 10].map((input) => limiter.admit(0, callOf({ input })))).toEqual([0, 1, wait]);
  });
});
