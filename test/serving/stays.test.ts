import * as fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { runReplication } from "../../src/experiment/run.ts";
import { Stays } from "../../src/serving/stays.ts";
import { Attempts } from "../../src/traffic/attempts.ts";
import { overflowing } from "../experiment/overflowing.ts";
import { scenarioOf } from "../experiment/systems.ts";

const horizon = 100;
const emptyPool = (): Stays => new Stays(new Attempts(), { warmup: 10, horizon, window: 7 });

const moment = fc.double({ min: 0, max: horizon, noNaN: true });

/** When attempts come to a pool, begin and leave it; what comes after the horizon never happens. */
const visits = fc.array(
  fc.tuple(moment, moment, fc.oneof(moment, fc.constant(2 * horizon))).map((moments) => moments.sort((a, b) => a - b)),
  { maxLength: 20 },
);

/** A pool in which the n-th visit is the attempt of that number. */
function visited(all: readonly (readonly number[])[]): Stays {
  const stays = emptyPool();
  const steps = all.flatMap(([from, begun, until], attempt) => [
    { at: from, take: () => stays.begin(attempt, from, begun > from, false) },
    { at: begun, take: () => void stays.start(attempt, begun) },
    { at: until, take: () => stays.end(attempt, until, true) },
  ]);
  for (const { at, take } of steps.sort((a, b) => a.at - b.at)) if (at < horizon) take();
  return stays;
}

/** How far apart the two sides of Little's law are, in attempt-seconds. */
function apart(stays: Stays): number {
  const { area, stays: sum } = stays.littlesLaw(horizon);
  return Math.abs(area - sum);
}

describe("stays in a pool", () => {
  it("are, on both sides of Little's law, the time that each visit has lasted", () => {
    fc.assert(
      fc.property(visits, (all) => {
        const expected = all.reduce((sum, [from, , until]) => sum + Math.max(0, Math.min(until, horizon) - from), 0);
        const { area, stays } = visited(all).littlesLaw(horizon);
        expect(area).toBeCloseTo(expected, 6);
        expect(stays).toBeCloseTo(expected, 6);
      }),
    );
  });

  it("hold the waits of all that have begun, and how many of them had to wait", () => {
    fc.assert(
      fc.property(visits, (all) => {
        const begun = all.filter(([, at]) => at < horizon);
        const stays = visited(all);
        expect(stays.started).toBe(begun.length);
        const taken = all.filter(([from]) => from < horizon);
        expect(stays.taken).toBe(taken.length);
        expect(stays.delayed).toBe(taken.filter(([from, at]) => at > from).length);
        expect(stays.waitSeconds).toBeCloseTo(
          begun.reduce((sum, [from, at]) => sum + at - from, 0),
          6,
        );
      }),
    );
  });

  it("count the waits in the cold apart, of those that begin and of those that leave before", () => {
    const stays = emptyPool();
    stays.begin(0, 1, true, true);
    stays.begin(1, 2, false, false);
    stays.begin(2, 3, true, true);
    stays.start(0, 5);
    stays.start(1, 6);
    stays.end(2, 10, false);
    stays.end(0, 20, true);
    stays.begin(3, 15, true, true);
    // One still waits: it is counted, and its wait is not over.
    expect([stays.coldWaits, stays.coldWaitsOver, stays.coldWaitSeconds]).toEqual([3, 2, 4 + 7]);
  });
});

describe("Little's law can be broken", () => {
  it("by one that is counted in the pool and never came", () => {
    const stays = visited([[1, 2, 30]]);
    expect(apart(stays)).toBeLessThan(1e-9);
    stays.outstanding.add(40, 1);
    expect(apart(stays)).toBeGreaterThan(1);
  });

  it("by one that left and was not counted out, once its number is another's", () => {
    const stays = emptyPool();
    stays.begin(0, 1, false, false);
    stays.begin(0, 20, false, false);
    expect(apart(stays)).toBeCloseTo(horizon - 1, 9);
  });

  it("by one that is counted out twice", () => {
    const stays = visited([[1, 2, 30]]);
    stays.end(0, 50, true);
    expect(apart(stays)).not.toBeLessThan(1e-6);
  });
});

describe("a run", () => {
  afterEach(() => vi.restoreAllMocks());

  it("ends in an assertion when one attempt is never counted out", () => {
    const { end } = Stays.prototype;
    let ended = 0;
    vi.spyOn(Stays.prototype, "end").mockImplementation(function (this: Stays, attempt, now, started) {
      if (++ended !== 100) end.call(this, attempt, now, started);
    });
    expect(() => runReplication(scenarioOf(overflowing, { horizon: "2m" }), 0, new Map())).toThrow(/Little's law holds in every pool/);
  });

  it("ends in an assertion when a pool's attempts and their stays do not agree", () => {
    const run = () => runReplication(scenarioOf(overflowing, { horizon: "2m" }), 0, new Map());
    expect(run).not.toThrow();
    const { begin } = Stays.prototype;
    let begun = 0;
    vi.spyOn(Stays.prototype, "begin").mockImplementation(function (this: Stays, attempt, now, waits, cold) {
      begin.call(this, attempt, now, waits, cold);
      if (++begun === 100) this.outstanding.add(now, 1);
    });
    expect(run).toThrow(/Little's law holds in every pool/);
  });
});
