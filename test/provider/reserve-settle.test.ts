import { describe, expect, it } from "vitest";
import { callOf, limiterOf } from "./limiters.ts";

describe("an account that reserves and settles", () => {
  const settings = { law: "reserveSettle", tpm: 6000, inputWeight: 1, outputWeight: 5, defaultMaxOutput: 1000 };

  it("reserves all that an answer may become, and gives back at its end what it did not", () => {
    const limiter = limiterOf(settings);
    const call = callOf({ input: 500, maxOutput: 1000, output: 100 });
    expect(limiter.admit(0, call)).toBe(0);
    // 500 are left of 6,000, which 100 a second refill.
    expect(limiter.admit(0, callOf({ input: 1000, maxOutput: 1 }))).toBeCloseTo(5.05, 9);
    limiter.settle(1, call);
    // 900 tokens of the answer at 5 each are back: 500 + 100 + 4,500.
    expect(limiter.admit(1, callOf({ input: 5096, maxOutput: 1 }))).toBeCloseTo(0.01, 9);
    expect(limiter.admit(1, callOf({ input: 5095, maxOutput: 1 }))).toBe(0);
  });

  it("gives back the whole answer of a call that failed, but not its prompt", () => {
    const limiter = limiterOf(settings);
    expect(limiter.admit(0, callOf({ input: 1000 }))).toBe(0);
    limiter.settle(0, callOf({ input: 1000, output: 0 }));
    expect(limiter.admit(0, callOf({ input: 4996, maxOutput: 1 }))).toBeCloseTo(0.01, 9);
    expect(limiter.admit(0, callOf({ input: 4995, maxOutput: 1 }))).toBe(0);
  });

  it("never settles at more than it reserved, even where an answer is longer than was said to be possible", () => {
    const limiter = limiterOf(settings);
    const call = callOf({ input: 1000, output: 5000 });
    expect(limiter.admit(0, call)).toBe(0);
    limiter.settle(0, call);
    expect(limiter.admit(0, callOf({ input: 95, maxOutput: 1 }))).toBeCloseTo(1, 9);
  });

  it("holds no more than a full bucket after all is given back", () => {
    const limiter = limiterOf({ ...settings, burst: "60s" });
    const call = callOf({ input: 1, output: 1 });
    expect(limiter.admit(0, call)).toBe(0);
    limiter.settle(1000, call);
    expect(limiter.admit(1000, callOf({ input: 5995, maxOutput: 1 }))).toBe(0);
    expect(limiter.admit(1000, callOf({ input: 95, maxOutput: 1 }))).toBeCloseTo(1, 9);
  });

  it("takes at any moment as many calls of 64k reserved as fit into the account, and many more that say what they want", () => {
    const many = (maxOutput: number): number => {
      const limiter = limiterOf({ law: "reserveSettle", tpm: "2M", defaultMaxOutput: "64k" });
      return Array.from({ length: 2000 }, () => limiter.admit(0, callOf({ input: 500, maxOutput }))).filter((wait) => wait === 0).length;
    };
    expect([many(Infinity), many(1000)]).toEqual([31, 1333]);
  });

  it.each([
    [false, 1],
    [true, 2],
  ])("lets refused calls use up requests where they count (%s), of those there are", (refusedCount, wait) => {
    const limiter = limiterOf({ law: "reserveSettle", rpm: 30, tpm: 60_000, burst: "2s", outputWeight: 0, refusedCount });
    expect(limiter.admit(0, callOf({}))).toBe(0);
    // A second later there is half a request in a bucket of one.
    expect([limiter.admit(1, callOf({})), limiter.admit(1, callOf({}))]).toEqual([wait, wait]);
    expect(limiter.admit(1 + wait, callOf({}))).toBe(0);
  });
});
