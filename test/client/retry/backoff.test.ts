import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backoff } from "../../../src/client/retry/backoff.ts";
import { createRetryBudget } from "../../../src/client/retry/retry-budget.ts";
import { Streams } from "../../../src/kernel/random.ts";

const least = { none: 1, full: 0, equal: 0.5, "25%": 0.75 };
const jitters = Object.keys(least) as (keyof typeof least)[];

const settings = fc.record({
  base: fc.double({ min: 0.01, max: 10, noNaN: true }),
  factor: fc.double({ min: 1, max: 10, noNaN: true }),
  max: fc.double({ min: 0.01, max: 100, noNaN: true }),
});

/** As settings decode it. */
const decoded = (jitter: keyof typeof least) => (jitter === "25%" ? 0.25 : jitter);

describe.each(jitters)("a back-off with %s jitter", (jitter) => {
  it("lies between its share of the capped exponential and the whole of it, also after very many retries", () => {
    fc.assert(
      fc.property(settings, fc.integer({ min: 1, max: 1000 }), fc.nat(), (given, retry, seed) => {
        const whole = Math.min(given.max, given.base * given.factor ** (retry - 1));
        const wait = backoff({ ...given, jitter: decoded(jitter) }, retry, new Streams(seed, 0).sequence("x"));
        expect(wait).toBeGreaterThanOrEqual(least[jitter] * whole * (1 - 1e-12));
        expect(wait).toBeLessThanOrEqual(whole * (1 + 1e-12));
      }),
    );
  });

  it("is uniform in there", () => {
    const random = new Streams(1, 0).sequence("x");
    const waits = Array.from({ length: 20_000 }, () => backoff({ base: 4, factor: 2, max: 100, jitter: decoded(jitter) }, 1, random));
    const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
    expect(mean).toBeCloseTo((4 * (1 + least[jitter])) / 2, 1);
    expect(Math.min(...waits)).toBeCloseTo(4 * least[jitter], 2);
    expect(Math.max(...waits)).toBeCloseTo(4, 2);
  });
});

describe("a back-off with decorrelated jitter", () => {
  it("lies between the base and thrice the wait before, up to the longest", () => {
    fc.assert(
      fc.property(settings, fc.integer({ min: 1, max: 30 }), fc.nat(), (given, retries, seed) => {
        const random = new Streams(seed, 0).keyed("x");
        let before = Math.min(given.base, given.max);
        for (let retry = 1; retry <= retries; retry++) {
          const wait = backoff({ ...given, jitter: "decorrelated" }, retry, random.of(7));
          expect(wait).toBeGreaterThanOrEqual(Math.min(given.base, given.max) * (1 - 1e-12));
          expect(wait).toBeLessThanOrEqual(Math.min(given.max, 3 * before) * (1 + 1e-12));
          before = wait;
        }
      }),
    );
  });

  it("is uniform between the base and thrice the base at first", () => {
    const random = new Streams(1, 0).sequence("x");
    const waits = Array.from({ length: 20_000 }, () => backoff({ base: 4, factor: 2, max: 100, jitter: "decorrelated" }, 1, random));
    expect(waits.reduce((sum, wait) => sum + wait, 0) / waits.length).toBeCloseTo(8, 1);
    expect(Math.min(...waits)).toBeCloseTo(4, 2);
    expect(Math.max(...waits)).toBeCloseTo(12, 2);
  });
});

describe("a retry budget as a token bucket", () => {
  const standard = { tokenBucket: { capacity: 500, cost: 5, timeoutCost: 10, refund: 1 } };

  it("allows a hundred retries in a row where nothing is answered, or fifty after time-outs", () => {
    const count = (afterTimeout: boolean): number => {
      const budget = createRetryBudget(standard);
      let retries = 0;
      while (budget.spend(afterTimeout)) retries++;
      return retries;
    };
    expect(count(false)).toBe(100);
    expect(count(true)).toBe(50);
  });

  it("earns one retry with five answers, and never more than fit in", () => {
    const budget = createRetryBudget(standard);
    while (budget.spend(false));
    for (let answer = 0; answer < 4; answer++) budget.answered();
    expect(budget.spend(false)).toBe(false);
    budget.answered();
    expect(budget.spend(false)).toBe(true);
    for (let answer = 0; answer < 10_000; answer++) budget.answered();
    let retries = 0;
    while (budget.spend(false)) retries++;
    expect(retries).toBe(100);
  });
});

describe("a retry budget as a share", () => {
  it("never lets through more than its burst and its share of the calls so far", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 10 }),
        fc.array(fc.boolean()),
        (share, burst, events) => {
          const budget = createRetryBudget({ share, burst });
          let [calls, retries] = [0, 0];
          for (const call of events) {
            if (call) {
              budget.firstCall();
              calls++;
            } else if (budget.spend(false)) retries++;
            expect(retries).toBeLessThanOrEqual(burst + share * calls + 1e-9);
          }
        },
      ),
    );
  });
});
