import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ContinuousBatch } from "../../src/serving/replica/continuous-batch.ts";
import { causes } from "../../src/traffic/cause.ts";
import { outcomes } from "../../src/traffic/outcome.ts";
import { play, system } from "./random-system.ts";

const cases = Math.ceil(Number(process.env["HEADROOM_CASES"] ?? 1000) / 4);

describe("in any system", () => {
  it("every request ends once, every attempt is closed, and nothing is left behind", () => {
    fc.assert(
      fc.property(system, (given) => {
        const { ended, requests, attempts, pools, counted } = play(given);
        expect(ended.map(({ request }) => request).sort((a, b) => a - b)).toEqual(given.requests.map((_, i) => i));
        expect([requests.inFlight, attempts.inFlight]).toEqual([0, 0]);
        for (const { sent, ended: closed } of counted) expect(closed).toBe(sent);
        expect(counted.reduce((sum, { sent }) => sum + sent, 0)).toBe(ended.reduce((sum, one) => sum + one.attempts, 0));
        for (const { waiting, stays, fleet } of pools) {
          expect([waiting, stays.outstanding.value]).toEqual([0, 0]);
          for (const { replica } of fleet.members) {
            expect(replica.outstanding).toBe(0);
            if (replica instanceof ContinuousBatch) expect(replica["batch"].blocks.free).toBe(replica["batch"]["limits"].kvBlocks);
          }
        }
      }),
      { numRuns: cases },
    );
  });

  it("moments are in order, nobody is served later than patience allows, and nobody calls more often than allowed", () => {
    fc.assert(
      fc.property(system, (given) => {
        const { ended, settings } = play(given);
        const { timeout, retry } = settings;
        for (const { outcome, servedBy, arrivedAt, firstTokenAt, endedAt, attempts } of ended) {
          expect(endedAt).toBeGreaterThanOrEqual(arrivedAt);
          expect(endedAt - arrivedAt).toBeLessThanOrEqual((timeout.total ?? Infinity) + 1e-9);
          expect(attempts).toBeLessThanOrEqual(retry.attempts * given.targets.length);
          const served = outcomes[outcome] === "served";
          expect(servedBy >= 0).toBe(served);
          expect(Number.isNaN(firstTokenAt)).toBe(!served);
          if (!served) continue;
          expect(firstTokenAt).toBeGreaterThanOrEqual(arrivedAt);
          expect(firstTokenAt).toBeLessThanOrEqual(endedAt);
          expect(firstTokenAt - arrivedAt).toBeLessThanOrEqual((timeout.ttft ?? Infinity) + 1e-9);
        }
      }),
      { numRuns: cases },
    );
  });

  it("the causes that a request's time went to add up to its life", () => {
    fc.assert(
      fc.property(system, (given) => {
        for (const { seconds, arrivedAt, endedAt } of play(given).ended) {
          const sum = seconds.reduce((total, one) => total + one, 0);
          expect(Math.abs(sum - (endedAt - arrivedAt))).toBeLessThanOrEqual(1e-9 * (endedAt - arrivedAt));
        }
      }),
      { numRuns: cases },
    );
  });

  it("the time of requests goes to all that a pool or a provider can make it go to", () => {
    const met = new Float64Array(causes.length);
    for (const given of fc.sample(system, { numRuns: 200, seed: 5 })) {
      for (const { seconds } of play(given).ended) seconds.forEach((time, cause) => (met[cause] += time));
    }
    expect(causes.filter((_, cause) => met[cause] > 0)).toEqual(
      expect.arrayContaining(["cold", "busy", "preemption", "prefill", "decode", "provider"]),
    );
  });

  it("the same seed gives the same moments", () => {
    fc.assert(
      fc.property(system, (given) => {
        expect(play(given).ended).toEqual(play(given).ended);
      }),
      { numRuns: Math.ceil(cases / 4) },
    );
  });

  it("all outcomes but unfinished are met by these systems", () => {
    const seen = new Set(
      fc.sample(system, { numRuns: 200, seed: 5 }).flatMap((given) => play(given).ended.map(({ outcome }) => outcomes[outcome])),
    );
    expect([...seen].sort()).toEqual(outcomes.filter((outcome) => outcome !== "unfinished").sort());
  });
});
