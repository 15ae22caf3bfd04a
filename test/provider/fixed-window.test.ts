import { describe, expect, it } from "vitest";
import { callOf, limiterOf } from "./limiters.ts";

describe("a fixed window", () => {
  it("begins anew at each multiple of its length, not a length after the last call", () => {
    const limiter = limiterOf({ law: "fixedWindow", rpm: 2 });
    expect([50, 55, 58, 60, 61, 62].map((at) => limiter.admit(at, callOf({})))).toEqual([0, 0, 2, 0, 0, 58]);
  });

  it("counts an answer as long as it may become, cut at the model's longest, and gives nothing back", () => {
    const limiter = limiterOf({ law: "fixedWindow", tpm: 10_000, inputWeight: 2, outputWeight: 3, defaultMaxOutput: 1000 });
    const first = callOf({ input: 2000, maxOutput: 500 });
    expect(limiter.admit(0, first)).toBe(0);
    limiter.settle(1, first);
    expect(limiter.admit(0, callOf({ input: 500 }))).toBe(0);
    expect(limiter.admit(15, callOf({ input: 1, maxOutput: 1000 }))).toBe(45);
    expect(limiter.admit(15, callOf({ input: 200, maxOutput: 33 }))).toBe(0);
    expect(limiter.admit(15, callOf({ input: 1, maxOutput: 1 }))).toBe(45);
  });

  it("counts prompts alone where answers have no weight", () => {
    const limiter = limiterOf({ law: "fixedWindow", tpm: 1000, outputWeight: 0 });
    expect(limiter.admit(0, callOf({ input: 1000 }))).toBe(0);
    expect(limiter.admit(0, callOf({ input: 1 }))).toBe(60);
  });

  it("never takes a call that is larger than a window, and does not promise it", () => {
    const limiter = limiterOf({ law: "fixedWindow", tpm: 1000, outputWeight: 0 });
    expect(limiter.admit(0, callOf({ input: 1001 }))).toBe(Infinity);
  });

  it.each([
    [false, 0],
    [true, 60],
  ])("lets refused calls use up requests where they count (%s)", (refusedCount, wait) => {
    const limiter = limiterOf({ law: "fixedWindow", rpm: 2, tpm: 1000, outputWeight: 0, refusedCount });
    expect(limiter.admit(0, callOf({ input: 900 }))).toBe(0);
    expect(limiter.admit(0, callOf({ input: 900 }))).toBe(60);
    expect(limiter.admit(0, callOf({ input: 100 }))).toBe(wait);
    expect(limiter.admit(60, callOf({ input: 900 }))).toBe(0);
  });
});
