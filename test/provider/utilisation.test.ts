import { describe, expect, it } from "vitest";
import { callOf, limiterOf } from "./limiters.ts";

/** 100 tokens a second, 6,000 at 100 %. */
const settings = { law: "utilisation", units: 2, tokensPerMinutePerUnit: 3000, outputWeight: 4, defaultMaxOutput: 1000 };

describe("provisioned units", () => {
  it("take calls until they are above 100 %, the last as large as it is, and then say when they are down there again", () => {
    const limiter = limiterOf(settings);
    const call = callOf({ input: 500, maxOutput: 500 });
    expect([0, 0, 0].map((at) => limiter.admit(at, call))).toEqual([0, 0, 0]);
    expect(limiter.admit(0, call)).toBeCloseTo(15, 9);
    expect(limiter.admit(10, call)).toBeCloseTo(5, 9);
    expect(limiter.admit(15, call)).toBe(0);
    expect(limiter.admit(15, call)).toBeCloseTo(25, 9);
  });

  it("take a call that is larger than all they do in a minute", () => {
    const limiter = limiterOf(settings);
    expect(limiter.admit(0, callOf({ input: 10_000, maxOutput: 1 }))).toBe(0);
    expect(limiter.admit(0, callOf({}))).toBeCloseTo(40.04, 9);
  });

  it("correct an estimate at the call's end, and are never below empty", () => {
    const limiter = limiterOf(settings);
    const call = callOf({ input: 3000, output: 100 });
    expect(limiter.admit(0, call)).toBe(0);
    // 7,000 less a second's work.
    expect(limiter.admit(1, call)).toBeCloseTo(9, 9);
    limiter.settle(1, call);
    // 3,600 tokens of 4 each were not needed: 3,300 are left.
    expect(limiter.admit(1, callOf({ input: 3300, maxOutput: 1 }))).toBe(0);
    expect(limiter.admit(1, call)).toBeCloseTo(6.04, 9);
    limiter.settle(200, callOf({ input: 1, output: 0 }));
    expect(limiter.admit(200, callOf({ input: 7000, maxOutput: 1 }))).toBe(0);
    expect(limiter.admit(200, call)).toBeCloseTo(10.04, 9);
  });

  it("count 200 tokens of prompt and 20 of answer at weight 8, 1,000 times a minute, as 106 units of gpt-5.2", () => {
    const refusals = (units: number): number => {
      const limiter = limiterOf({ law: "utilisation", units, tokensPerMinutePerUnit: 3400, outputWeight: 8, defaultMaxOutput: "128k" });
      const call = callOf({ input: 200, maxOutput: 20 });
      return Array.from({ length: 30_000 }, (_, i) => limiter.admit(i * 0.06, call)).filter((wait) => wait > 0).length;
    };
    expect(refusals(106)).toBe(0);
    expect(refusals(90)).toBeGreaterThan(1000);
  });
});
