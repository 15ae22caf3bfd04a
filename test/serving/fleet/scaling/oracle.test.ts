import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drive, scalerOf, viewOf, type Written } from "./scaling-driver.ts";

/** The most of a rate that changes every 10 s, over windows of 10 s that begin between two moments. */
const most = (rates: readonly number[]) => (from: number, to: number) =>
  Math.max(0, ...rates.slice(Math.floor(from / 10), Math.floor(to / 10) + 1));

describe("the oracle", () => {
  it("has the replicas ready for every rate that comes, a cold start after its first decision, and never more than for the largest", () => {
    const rates = fc.array(fc.nat(40), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(rates, fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 30 }), fc.nat(60), (all, coldStart, every, down) => {
        const written = { target: "4/s", every: `${every}s`, window: "10s", scaleDownAfter: `${down}s` };
        const scaler = scalerOf({ oracle: written }, { coldStart, future: most(all) });
        for (const { at, ready, desired } of drive(scaler, { until: 10 * all.length - 1, coldStart, replicas: { start: 0 } })) {
          if (at >= every + coldStart + every) expect(ready).toBeGreaterThanOrEqual(Math.ceil(most(all)(at, at) / 4));
          expect(desired).toBeLessThanOrEqual(Math.ceil(Math.max(...all) / 4));
        }
      }),
    );
  });

  it("goes down again once the load of the time to come, and what was wanted before, is less", () => {
    const rates = [0, 0, 20, 0, 0, 0, 0, 0, 0, 0];
    const written = { target: "4/s", every: "10s", lead: "20s", window: "10s", scaleDownAfter: "20s" };
    const decisions = drive(scalerOf({ oracle: written }, { future: most(rates) }), { until: 90, replicas: { start: 0 } });
    expect(decisions.map(({ desired }) => desired)).toEqual([5, 5, 5, 5, 0, 0, 0, 0, 0]);
  });

  const asked = (given: Written, context: { coldStart: number; horizon: number }, now: number): number[] => {
    let seen: number[] = [];
    const future = (...question: number[]): number => ((seen = question), 0);
    scalerOf({ oracle: { target: "1/s", ...given } }, { ...context, future }).desired(viewOf({}), now);
    return seen;
  };

  it("looks one mean cold start and one period ahead unless told otherwise, and not beyond the end of the run", () => {
    const context = { coldStart: 200, horizon: 10_000 };
    expect(asked({}, context, 100)).toEqual([100, 100 + 200 + 60, 60]);
    expect(asked({ lead: "5m", window: "10s" }, context, 100)).toEqual([100, 400, 10]);
    expect(asked({}, context, 9900)).toEqual([9900, 10_000, 60]);
    expect(asked({}, { coldStart: Infinity, horizon: 500 }, 100)).toEqual([100, 500, 60]);
  });

  it("keeps one replica as long as somebody is there", () => {
    const scaler = scalerOf({ oracle: { target: "1/s", scaleDownAfter: "0s" } });
    expect(scaler.desired(viewOf({ outstanding: 5, ready: 3 }), 60)).toBe(1);
    expect(scaler.desired(viewOf({ ready: 1 }), 120)).toBe(0);
  });
});
