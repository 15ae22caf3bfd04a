import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Simulation } from "../../src/kernel/simulation.ts";
import { callOf, drive, limiterOf, mostBeyond, traffic } from "./limiters.ts";

const perMinute = { law: "fixedWindow", tpm: 6000, outputWeight: 0, retryAfter: true };
const perTenSeconds = { law: "subWindow", rpm: 18, window: "10s", retryAfter: true };

describe("several limits of an account", () => {
  it("take a call that fits into all of them, and charge all of them", () => {
    const limiter = limiterOf([perMinute, perTenSeconds]);
    const call = callOf({ input: 1500 });
    expect([0, 0, 0, 0].map((at) => limiter.admit(at, call))).toEqual([0, 0, 0, 10]);
    expect(limiter.admit(10, call)).toBe(0);
    expect(limiter.admit(10, call)).toBe(50);
    expect(limiter.admit(10, callOf({ input: 0 }))).toBe(0);
  });

  it("charge nothing for a call that one of them refuses, except where refused calls count", () => {
    const large = callOf({ input: 7000 });
    for (const [refusedCount, wait] of [
      [false, 0],
      [true, 10],
    ] as const) {
      const limiter = limiterOf([perMinute, { ...perTenSeconds, refusedCount }]);
      for (let i = 0; i < 3; i++) expect(limiter.admit(0, large)).toBe(Infinity);
      expect(limiter.admit(0, callOf({}))).toBe(wait);
    }
  });

  it("say when to come back if all that refuse do, namely when the last of them has room", () => {
    const said = (limits: readonly Record<string, unknown>[], input = 1500): number => {
      const limiter = limiterOf(limits);
      for (let i = 0; i < 3; i++) limiter.take(0, callOf({ input }));
      return limiter.retryAfter(0, callOf({ input }));
    };
    expect(said([perMinute, perTenSeconds])).toBe(10);
    expect(said([perMinute, perTenSeconds], 2000)).toBe(60);
    expect(said([perMinute, { ...perTenSeconds, retryAfter: false }], 2000)).toBe(0);
    expect(said([{ ...perMinute, retryAfter: false }, perTenSeconds])).toBe(10);
    expect(said([perMinute, perTenSeconds], 7000)).toBe(0);
  });

  it("may have names, which change nothing", () => {
    fc.assert(
      fc.property(traffic, (calls) => {
        const listed = drive([perMinute, perTenSeconds], calls).seen;
        expect(drive({ tokens: perMinute, requests: perTenSeconds }, calls).seen).toEqual(listed);
      }),
      { numRuns: 30 },
    );
  });

  it("have chances of their own: two that each refuse half leave a quarter", () => {
    const half = { law: "exogenous", at: ["0s"], lasts: "1h", refused: "50%" };
    const simulation = new Simulation();
    const limiter = limiterOf([half, half], simulation);
    simulation.run(1);
    const count = 10_000;
    let taken = 0;
    for (let number = 0; number < count; number++) if (limiter.admit(1, callOf({ number })) === 0) taken++;
    expect(Math.abs(taken / count - 0.25)).toBeLessThan(5 * Math.sqrt((0.25 * 0.75) / count));
  });

  it("hold each its own, in whatever traffic: a window's requests, a bucket's tokens, growth", () => {
    const limits = fc.record({
      rpm: fc.integer({ min: 12, max: 60 }),
      tpm: fc.integer({ min: 500, max: 9000 }),
      growth: fc.constantFrom(1, 2),
      refusedCount: fc.boolean(),
    });
    fc.assert(
      fc.property(limits, traffic, ({ rpm, tpm, growth, refusedCount }, calls) => {
        const { seen } = drive(
          [
            { law: "subWindow", rpm, window: "10s", refusedCount },
            { law: "streaming", tpm, outputWeight: 0 },
            { law: "acceleration", rpm: 12, window: "10s", growth },
          ],
          calls,
        );
        const taken = seen.filter(({ kind }) => kind === "admitted");
        const windows = new Map<number, number>();
        for (const { at } of taken) windows.set(Math.floor(at / 10 + 1e-9), (windows.get(Math.floor(at / 10 + 1e-9)) ?? 0) + 1);
        for (const [number, requests] of windows) {
          expect(requests).toBeLessThanOrEqual(rpm / 6);
          expect(requests).toBeLessThanOrEqual(Math.max(2, growth * (windows.get(number - 1) ?? 0)));
        }
        const tokens = taken.map(({ at, call }) => ({ at, amount: call.input }));
        expect(mostBeyond(tokens, tpm / 60)).toBeLessThanOrEqual(tpm * (1 + 1e-6));
      }),
    );
  });

  it("take whoever comes back when told to, if nobody came before", () => {
    const limits = [
      { law: "fixedWindow", rpm: 20, tpm: 3000, outputWeight: 0, refusedCount: true },
      { law: "subWindow", rpm: 12, window: "10s" },
      { law: "tokenBucket", rpm: 30, burst: "10s" },
    ];
    let judged = 0;
    fc.assert(
      fc.property(traffic, (calls) => {
        const { seen, limiter } = drive(limits, calls, { untilRefused: true });
        const last = seen.at(-1);
        if (last?.kind !== "refused" || last.wait === Infinity) return;
        judged++;
        const { call } = calls[seen.filter(({ kind }) => kind !== "ended").length - 1];
        expect(limiter.wait(last.at + last.wait, call)).toBe(0);
      }),
    );
    expect(judged).toBeGreaterThan(30);
  });
});
