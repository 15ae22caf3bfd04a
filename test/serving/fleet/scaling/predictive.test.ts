import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drive, refusals, scalerOf, viewOf, type Written } from "./scaling-driver.ts";

/** Decisions every minute of seasons of ten, each replica bearing 10. */
const tenMinutes = (given: Written = {}): Written => ({
  predictive: { metric: "concurrency", target: 10, season: "10m", scaleDownAfter: "0s", ...given },
});

/** What is wanted from the first decision on, under a load that is given likewise. */
function wanted(written: Written, loads: readonly number[], coldStart = 0): number[] {
  const scaler = scalerOf(written, { coldStart });
  const load = (now: number) => ({ outstanding: loads[Math.round(now / scaler.every) - 1] });
  return drive(scaler, { until: scaler.every * loads.length, load }).map(({ desired }) => desired);
}

/** Ten minutes with a peak in minute 6. */
const peak = [10, 10, 10, 10, 10, 90, 10, 10, 10, 10];

describe("predictive scaling", () => {
  it("reacts in its first season, and from the second on is there ahead of the peak, with its margin", () => {
    const seen = wanted(tenMinutes({ lead: "2m" }), [...peak, ...peak]);
    expect(seen.slice(0, 8)).toEqual([1, 1, 1, 1, 1, 9, 1, 1]);
    // From the ninth minute on it sees the beginning of the second season: 11 with the margin.
    expect(seen.slice(8)).toEqual([2, 2, 2, 2, 2, 10, 10, 10, 2, 2, 2, 2]);
  });

  it("looks one mean cold start and one period ahead unless told otherwise", () => {
    const loads = [...peak, ...peak];
    expect(wanted(tenMinutes(), loads, 180)).toEqual(wanted(tenMinutes({ lead: "4m" }), loads));
    expect(wanted(tenMinutes(), loads, 180).indexOf(10)).toBe(11);
  });

  it("looks as many periods ahead as there are, though their quotient is not whole", () => {
    const loads = [...peak, ...peak];
    // A cold start of 0.2 s and a period of 0.1 s are three periods.
    expect((0.2 + 0.1) / 0.1).toBeGreaterThan(3);
    expect(wanted(tenMinutes({ every: "100ms", season: "1s" }), loads, 0.2)).toEqual(wanted(tenMinutes({ lead: "3m" }), loads));
  });

  it("forecasts the mean of all seasons before", () => {
    const season = (load: number): number[] => Array.from({ length: 10 }, () => load);
    const seen = wanted(tenMinutes({ lead: "0s", margin: 0 }), [...season(40), ...season(80), ...season(0), ...season(0)]);
    expect(seen).toEqual([...season(4), ...season(8), ...season(6), ...season(4)]);
  });

  it("goes by requests per second too", () => {
    const written = tenMinutes({ metric: "requestRate", target: 2, lead: "1m", margin: 0 });
    // 8 requests per second up to minute 5 of each season, none in the rest.
    const load = (now: number) => ({ arrived: 8 * (300 * Math.floor(now / 600) + Math.min(300, now % 600)) });
    const desired = drive(scalerOf(written), { until: 1200, load }).map((decision) => decision.desired);
    expect(desired).toEqual([4, 4, 4, 4, 4, 0, 0, 0, 0, 4, 4, 4, 4, 4, 4, 0, 0, 0, 0, 4]);
  });

  it("goes down only to the most that was wanted within the time given", () => {
    expect(wanted(tenMinutes({ lead: "0s", scaleDownAfter: "3m" }), peak)).toEqual([1, 1, 1, 1, 1, 9, 9, 9, 9, 1]);
  });

  it("wants what its definition says, whatever load, season, lead and margin there are", () => {
    const loads = fc.array(fc.nat(100), { minLength: 1, maxLength: 40 });
    const settings = fc.record({ periods: fc.integer({ min: 2, max: 8 }), ahead: fc.nat(10), margin: fc.constantFrom(0, 0.25, 1) });
    fc.assert(
      fc.property(loads, settings, (all, { periods, ahead, margin }) => {
        const written = tenMinutes({ season: `${periods}m`, lead: `${ahead}m`, margin });
        // Minute 0 is none on which anything was decided.
        const forecast = (minute: number, now: number): number => {
          const earlier = [];
          for (let same = minute - periods; same >= 1; same -= periods) if (same <= now) earlier.push(all[same - 1]);
          return earlier.length === 0 ? 0 : earlier.reduce((sum, load) => sum + load, 0) / earlier.length;
        };
        const expected = all.map((load, i) => {
          const now = i + 1;
          const planned = Array.from({ length: Math.min(ahead, periods) + 1 }, (_, next) => forecast(now + next, now) * (1 + margin));
          return Math.max(...[...planned, load].map((value) => Math.ceil(Number((value / 10).toFixed(9)))));
        });
        expect(wanted(written, all)).toEqual(expected);
      }),
    );
  });

  it("keeps its rhythm where a decision falls out", () => {
    const scaler = scalerOf(tenMinutes({ lead: "2m" }));
    for (const [i, load] of [...peak, ...peak].entries()) {
      if (i === 12 || i === 15) continue;
      scaler.observe(viewOf({ outstanding: load }), 60 * (i + 1));
      const desired = scaler.desired(viewOf({ ready: 1 }), 60 * (i + 1));
      if (i >= 10) expect(desired).toBe(i >= 13 && i <= 15 ? 10 : 2);
    }
  });
});

describe("a season that makes no sense", () => {
  const season = "predictive.season: must be a multiple of every, and at least twice as long (write it like 24h, with every: 60s)";
  it.each([
    [{ season: "90s" }, season],
    [{ season: "60s" }, season],
    [{ season: "24h", every: "7m" }, season],
    [{ season: "365d", every: "1s" }, "predictive.season: has more than 1000000 periods (give a longer every)"],
  ])("is refused: %j", (given, message) => {
    expect(refusals(tenMinutes(given))).toEqual([message]);
  });

  it("is none when only the quotient of decimals is not whole", () => {
    expect(0.3 / 0.1).not.toBe(3);
    expect(refusals(tenMinutes({ season: "300ms", every: "100ms" }))).toEqual([]);
  });
});
