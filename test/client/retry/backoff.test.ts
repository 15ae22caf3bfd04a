import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backoff } from "../../src/client/backoff.ts";
import { jitters } from "../../src/client/client-settings.ts";
import { RetryBudget } from "../../src/client/retry-budget.ts";
import { Streams } from "../../src/kernel/random.ts";

const least = { none: 1, full: 0, equal: 0.5 };

const settings = fc.record({
  base: fc.double({ min: 0.01, max: 10, noNaN: true }),
  factor: fc.double({ min: 1, max: 10, noNaN: true }),
  max: fc.double({ min: 0.01, max: 100, noNaN: true }),
});

describe.each(jitters)("a back-off with %s jitter", (jitter) => {
  it("lies between its share of the capped exponential and the whole of it, also after very many retries", () => {
    fc.assert(
      fc.property(settings, fc.integer({ min: 1, max: 1000 }), fc.nat(), (given, retry, seed) => {
        const whole = Math.min(given.max, given.base * given.factor ** (retry - 1));
        const wait = backoff({ ...given, jitter }, retry, new Streams(seed, 0).sequence("x"));
        expect(wait).toBeGreaterThanOrEqual(least[jitter] * whole * (1 - 1e-12));
        expect(wait).toBeLessThanOrEqual(whole * (1 + 1e-12));
      }),
    );
  });

  it("is uniform in there", () => {
    const random = new Streams(1, 0).sequence("x");
    const waits = Array.from({ length: 20_000 }, () => backoff({ base: 4, factor: 2, max: 100, jitter }, 1, random));
    const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
    expect(mean).toBeCloseTo((4 * (1 + least[jitter])) / 2, 1);
    expect(Math.min(...waits)).toBeCloseTo(4 * least[jitter], 2);
    expect(Math.max(...waits)).toBeCloseTo(4, 2);
  });
});

describe("a retry budget", () => {
  it("never lets through more than its burst and its share of the calls so far", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 10 }),
        fc.array(fc.boolean()),
        (share, burst, events) => {
          const budget = new RetryBudget({ share, burst });
          let [calls, retries] = [0, 0];
          for (const call of events) {
            if (call) {
              budget.firstCall();
              calls++;
            } else if (budget.spend()) retries++;
            expect(retries).toBeLessThanOrEqual(burst + share * calls + 1e-9);
          }
        },
      ),
    );
  });
});
