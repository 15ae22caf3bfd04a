import { describe, expect, it } from "vitest";
import { callOf, limiterOf } from "./limiters.ts";

/** 100 tokens a second, 1,000 in a full bucket. */
const settings = { law: "streaming", tpm: 6000, burst: "10s" };

describe("an account that is charged as answers are streamed", () => {
  it("charges the prompt at the start and each token when it is produced, whatever maxOutput says", () => {
    const limiter = limiterOf(settings);
    const call = callOf({ input: 600, output: 101, tpot: 0.004, maxOutput: 1e6 });
    expect(limiter.admit(0, call)).toBe(0);
    limiter.firstToken(1, call);
    // 400 are left, 100 come in, and one token is there.
    expect(limiter.admit(1, callOf({ input: 500 }))).toBeCloseTo(0.01, 9);
    // After 50 more tokens: 200 ms of refill, less 51.
    expect(limiter.admit(1.2, callOf({ input: 470 }))).toBeCloseTo(0.01, 9);
    limiter.settle(1.4, call);
    expect(limiter.admit(1.4, callOf({ input: 440 }))).toBeCloseTo(0.01, 9);
    expect(limiter.admit(2.4, callOf({ input: 540 }))).toBeCloseTo(0.01, 9);
    expect(limiter.admit(2.4, callOf({ input: 539 }))).toBe(0);
  });

  it("goes below zero by answers, and then takes nothing until it is refilled", () => {
    const limiter = limiterOf(settings);
    const call = callOf({ input: 900, output: 301, tpot: 0 });
    expect(limiter.admit(0, call)).toBe(0);
    limiter.firstToken(0, call);
    limiter.settle(0, call);
    // 100 less 301.
    expect(limiter.admit(0, callOf({ input: 1 }))).toBeCloseTo(2.02, 9);
    expect(limiter.admit(2.01, callOf({ input: 1 }))).toBeCloseTo(0.01, 9);
    expect(limiter.admit(2.02, callOf({ input: 1 }))).toBe(0);
  });

  it("loses what a full bucket cannot hold while an answer trickles", () => {
    const limiter = limiterOf(settings);
    const call = callOf({ input: 1, output: 101, tpot: 1 });
    expect(limiter.admit(0, call)).toBe(0);
    limiter.firstToken(0, call);
    limiter.settle(100, call);
    expect(limiter.admit(100, callOf({ input: 1000 }))).toBe(0);
    expect(limiter.admit(100, callOf({ input: 1000 }))).toBeCloseTo(10, 9);
  });

  it("is as it was after answers that overlapped", () => {
    const limiter = limiterOf(settings);
    const [long, short] = [callOf({ input: 1, output: 201, tpot: 0.01 }), callOf({ input: 1, output: 31, tpot: 0.1 })];
    for (const call of [long, short]) expect(limiter.admit(0, call)).toBe(0);
    for (const call of [long, short]) limiter.firstToken(0, call);
    limiter.settle(2, long);
    limiter.settle(3, short);
    // 1,000 less 2 prompts and 232 tokens, and 300 more, would be above a full bucket: it is full but for what came last.
    expect(limiter.admit(3, callOf({ input: 1000 }))).toBe(0);
    expect(limiter.admit(5, callOf({ input: 300 }))).toBeCloseTo(1, 9);
  });

  it("charges the prompt of a call that failed, and no answer", () => {
    const limiter = limiterOf(settings);
    expect(limiter.admit(0, callOf({ input: 900, output: 50, tpot: 0.1 }))).toBe(0);
    limiter.settle(0, callOf({ input: 900, output: 0, tpot: 0.1 }));
    expect(limiter.admit(1, callOf({ input: 300 }))).toBeCloseTo(1, 9);
  });

  it("limits answers alone where prompts have no weight, and never takes a prompt larger than a full bucket", () => {
    const answers = limiterOf({ ...settings, inputWeight: 0 });
    const call = callOf({ input: 1e6, output: 1100 });
    expect(answers.admit(0, call)).toBe(0);
    answers.firstToken(0, call);
    expect(answers.admit(0, call)).toBeCloseTo(1, 9);
    expect(answers.admit(1, call)).toBe(0);
    expect(limiterOf(settings).admit(0, callOf({ input: 1001 }))).toBe(Infinity);
  });
});
