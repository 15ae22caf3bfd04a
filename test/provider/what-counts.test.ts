import { describe, expect, it } from "vitest";
import { callOf, limiterOf } from "./limiters.ts";

/** The largest prompt, by the hundred, that an account takes now. */
function room(limiter: ReturnType<typeof limiterOf>, now = 0): number {
  let tokens = 0;
  while (limiter.wait(now, callOf({ input: tokens + 100, maxOutput: 0 })) === 0) tokens += 100;
  return tokens;
}

const cached = callOf({ input: 4000, cached: 3000, output: 0, maxOutput: 0 });

describe("cached tokens", () => {
  it.each([
    ["like others of the prompt unless their weight is given", { inputWeight: 0.5 }, 2000],
    ["nothing at weight 0", { cachedWeight: 0 }, 1000],
    ["what their weight says", { cachedWeight: 0.1, inputWeight: 1 }, 1300],
  ])("count %s", (_title, weights, tokens) => {
    for (const law of ["fixedWindow", "streaming", "reserveSettle"]) {
      const limits = { law, tpm: 10_000, ...weights, ...(law === "streaming" ? {} : { defaultMaxOutput: 1000 }) };
      const limiter = limiterOf(limits);
      const inputWeight = "inputWeight" in weights ? weights.inputWeight : 1;
      expect(limiter.admit(0, cached)).toBe(0);
      expect(room(limiter) * inputWeight).toBe(10_000 - tokens);
    }
  });

  it("may be reserved like others, and are released at the end", () => {
    const limiter = limiterOf({ law: "reserveSettle", tpm: 10_000, cachedWeight: 0, cachedReserved: true, defaultMaxOutput: 1000 });
    expect(limiter.admit(0, cached)).toBe(0);
    expect(room(limiter)).toBe(6000);
    limiter.settle(0, cached);
    expect(room(limiter)).toBe(9000);
  });

  it("lift provisioned units by what they count", () => {
    const limits = { law: "utilisation", units: 1, tokensPerMinutePerUnit: 6000, cachedWeight: 0, defaultMaxOutput: 1000 };
    const limiter = limiterOf(limits);
    const call = callOf({ input: 9000, cached: 3000, maxOutput: 1 });
    expect(limiter.admit(0, call)).toBe(0);
    expect(limiter.wait(0, call)).toBeCloseTo(0.01, 9);
  });
});

describe("answers", () => {
  it("may weigh more at their end than they were reserved for, as with Bedrock: 10 in and 750 out come to 3,760", () => {
    const limits = { law: "reserveSettle", tpm: 10_000, outputWeight: 5, reservedOutputWeight: 1, defaultMaxOutput: 64_000 };
    const limiter = limiterOf(limits);
    const call = callOf({ input: 10, output: 750, maxOutput: 990 });
    expect(limiter.admit(0, call)).toBe(0);
    expect(room(limiter)).toBe(9000);
    limiter.settle(0, call);
    expect(room(limiter)).toBe(6200);
    // Below zero nothing is taken until it is refilled.
    const long = callOf({ input: 200, output: 6000, maxOutput: 6000 });
    expect(limiter.admit(0, long)).toBe(0);
    limiter.settle(0, long);
    expect(limiter.wait(0, callOf({ input: 40, maxOutput: 0 }))).toBeCloseTo((30_200 - 6240 + 40) / (10_000 / 60), 6);
  });

  it("count together with the prompt, or the larger of the two counts alone", () => {
    const left = (estimate: string, call: Parameters<typeof callOf>[0]): number => {
      const limiter = limiterOf({ law: "fixedWindow", tpm: 10_000, estimate, defaultMaxOutput: 5000 });
      expect(limiter.admit(0, callOf(call))).toBe(0);
      return room(limiter);
    };
    expect([left("sum", { input: 1000, maxOutput: 3000 }), left("larger", { input: 1000, maxOutput: 3000 })]).toEqual([6000, 7000]);
    expect([left("sum", { input: 3000, maxOutput: 1000 }), left("larger", { input: 3000, maxOutput: 1000 })]).toEqual([6000, 7000]);
    expect(left("larger", { input: 100 })).toBe(5000);
    const open = limiterOf({ law: "fixedWindow", tpm: 10_000, estimate: "larger" });
    expect(open.admit(0, callOf({ input: 4000 }))).toBe(0);
    expect(room(open)).toBe(6000);
  });
});
