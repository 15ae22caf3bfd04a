import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { limitSettings } from "../../src/provider/limits/registry.ts";
import { callOf, limiterOf } from "./limiters.ts";

interface Call {
  readonly at: number;
  readonly tokens: number;
}

const calls = fc
  .array(
    fc.record({ gap: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 20, noNaN: true })), tokens: fc.integer({ min: 1, max: 400 }) }),
    {
      maxLength: 80,
    },
  )
  .map((given) => {
    let at = 0;
    return given.map(({ gap, tokens }): Call => ({ at: (at += gap), tokens }));
  });

const limits = fc.record({
  rpm: fc.integer({ min: 1, max: 120 }),
  tpm: fc.integer({ min: 1, max: 6000 }),
  burst: fc.integer({ min: 60, max: 120 }),
});

const bucket = (rpm: number | undefined, tpm: number | undefined, burst: number) => {
  const limiter = limiterOf({ law: "tokenBucket", rpm, tpm, burst: `${burst}s` });
  return { admit: (now: number, tokens: number) => limiter.admit(now, callOf({ input: 1, output: tokens - 1 })) };
};

describe("a token bucket", () => {
  it("grants in no window more than a full bucket and its refill", () => {
    fc.assert(
      fc.property(limits, calls, ({ rpm, tpm, burst }, given) => {
        const limiter = bucket(rpm, tpm, burst);
        const granted = given.filter(({ at, tokens }) => limiter.admit(at, tokens) === 0);
        for (let from = 0; from < granted.length; from++) {
          let tokens = 0;
          for (let to = from; to < granted.length; to++) {
            tokens += granted[to].tokens;
            const seconds = burst + granted[to].at - granted[from].at;
            expect(to - from + 1).toBeLessThanOrEqual((rpm / 60) * seconds * (1 + 1e-6));
            expect(tokens).toBeLessThanOrEqual((tpm / 60) * seconds * (1 + 1e-6));
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it("says when the same call fits: at that time it is taken, shortly before it is not", () => {
    fc.assert(
      fc.property(limits, calls, fc.double({ min: 0.01, max: 0.99, noNaN: true }), ({ rpm, tpm, burst }, given, part) => {
        const [exact, early] = [bucket(rpm, tpm, burst), bucket(rpm, tpm, burst)];
        for (const { at, tokens } of given) {
          const wait = exact.admit(at, tokens);
          expect(early.admit(at, tokens)).toBe(wait);
          if (wait === 0 || wait === Infinity) continue;
          if (wait > 1e-3) expect(early.admit(at + wait * part, tokens)).toBeGreaterThan(0);
          expect(exact.admit(at + wait, tokens)).toBe(0);
          return;
        }
      }),
      { numRuns: 500 },
    );
  });

  it("charges nothing for a refused call, neither requests nor tokens", () => {
    fc.assert(
      fc.property(limits, calls, fc.integer({ min: 1, max: 3 }), ({ rpm, tpm, burst }, given, repeats) => {
        const [once, often] = [bucket(rpm, tpm, burst), bucket(rpm, tpm, burst)];
        for (const { at, tokens } of given) {
          const wait = once.admit(at, tokens);
          expect(often.admit(at, tokens)).toBeCloseTo(wait, 9);
          if (wait > 1e-6) for (let i = 0; i < repeats; i++) expect(often.admit(at, tokens)).toBeGreaterThan(0);
        }
      }),
    );
  });

  it("never takes a call that is larger than a full bucket, and does not promise it", () => {
    const limiter = bucket(undefined, 6000, 10);
    expect(limiter.admit(0, 1001)).toBe(Infinity);
    expect(limiter.admit(1e6, 1001)).toBe(Infinity);
    expect(limiter.admit(1e6, 1000)).toBe(0);
  });

  it("refills by the clock: 60 requests a minute are one a second, once the burst is spent", () => {
    const limiter = bucket(60, undefined, 5);
    for (let i = 0; i < 5; i++) expect(limiter.admit(0, 1)).toBe(0);
    expect(limiter.admit(0, 1)).toBe(1);
    expect(limiter.admit(0.25, 1)).toBe(0.75);
    expect(limiter.admit(1, 1e9)).toBe(0);
    expect(limiter.admit(1, 1)).toBe(1);
  });

  it("holds nobody back without limits", () => {
    const limiter = bucket(undefined, undefined, 60);
    for (let i = 0; i < 1000; i++) expect(limiter.admit(0, 1e9)).toBe(0);
  });

  it("is refused as a setting when it could never hold a whole request", () => {
    const read = (rpm: number, burst: string): boolean => z.safeParse(limitSettings, { law: "tokenBucket", rpm, burst }).success;
    expect(read(30, "2s")).toBe(true);
    expect(read(30, "1s")).toBe(false);
  });
});
