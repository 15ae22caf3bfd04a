import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dispersion, mean } from "../../../data/traffic-statistics.ts";
import { Streams } from "../../../src/kernel/random.ts";
import { alongCurve } from "../../../src/traffic/arrivals/along-curve.ts";
import { type CurveSettings, RateCurve } from "../../../src/traffic/arrivals/rate-curve.ts";
import { renewalArrivals } from "../../../src/traffic/arrivals/renewal.ts";
import { curves, levelAt } from "./curves.ts";

interface Given {
  readonly rate?: number;
  readonly cv?: number;
  readonly seed?: number;
  readonly end?: number;
}

function timesAlong(curve: CurveSettings, { rate = 1, cv = 1, seed = 1, end = 100 }: Given = {}): number[] {
  const arrivals = alongCurve(renewalArrivals(rate, cv, new Streams(seed, 0).sequence("arrivals")), new RateCurve(curve, end));
  const times: number[] = [];
  while (arrivals.advance()) times.push(arrivals.time);
  expect(arrivals.advance()).toBe(false);
  return times;
}

function plainTimes(rate: number, cv: number, seed: number, end: number): number[] {
  const arrivals = renewalArrivals(rate, cv, new Streams(seed, 0).sequence("arrivals"));
  const times: number[] = [];
  while (arrivals.advance() && arrivals.time < end) times.push(arrivals.time);
  return times;
}

const cvs = fc.constantFrom(0, 0.5, 1, 2);
const within = (times: readonly number[], from: number, to: number): number => times.filter((time) => time >= from && time < to).length;

/** Levels change at whole seconds only. */
const integral = (curve: CurveSettings, from: number, to: number): number =>
  Array.from({ length: to - from }, (_, i) => levelAt(curve, from + i)).reduce((sum, level) => sum + level, 0);

describe("arrivals along a curve", () => {
  it("come in order, before the end, and never while the rate is 0", () => {
    fc.assert(
      fc.property(curves, cvs, fc.nat(), (curve, cv, seed) => {
        let last = 0;
        for (const time of timesAlong(curve, { cv, seed })) {
          expect(time).toBeGreaterThanOrEqual(last);
          expect(time).toBeLessThan(100);
          expect(levelAt(curve, time)).toBeGreaterThan(0);
          last = time;
        }
      }),
    );
  });

  it("without variation are where the integral of the rate reaches the next whole number", () => {
    fc.assert(
      fc.property(curves, (curve) => {
        const times = timesAlong(curve, { cv: 0 });
        // One that falls on a step of the curve may be put on either side by rounding.
        expect(Math.abs(times.length - integral(curve, 0, 100))).toBeLessThanOrEqual(1);
        times.forEach((time, i) => {
          const whole = Math.floor(time);
          expect(integral(curve, 0, whole) + (time - whole) * levelAt(curve, whole)).toBeCloseTo(i + 1, 6);
        });
      }),
    );
  });

  it.each([0.5, 1, 2])("with a variation of %f are in every window as many as the integral of the rate over it", (cv) => {
    const curve: CurveSettings = {
      profile: [
        [0, 2],
        [6, 0],
        [10, 9],
      ],
      repeat: 25,
      spikes: [{ at: 12, lasts: 5, factor: 4, every: 40 }],
    };
    const runs = Array.from({ length: 3000 }, (_, seed) => timesAlong(curve, { cv, seed, end: 60 }));
    for (const [from, to] of [
      [0, 3],
      [3, 12],
      [12, 14],
      [0, 25],
      [26, 27],
      [50, 60],
    ] as const) {
      const counts = runs.map((times) => within(times, from, to));
      const centre = mean(counts);
      const error = Math.sqrt(mean(counts.map((count) => (count - centre) ** 2)) / counts.length);
      expect(Math.abs(centre - integral(curve, from, to))).toBeLessThan(4 * error);
    }
  });

  it("of Poisson stay so where the rate is constant: counted over windows their index of dispersion is 1", () => {
    const end = 60_000;
    const times = timesAlong(
      {
        profile: [
          [0, 0.5],
          [20_000, 8],
        ],
      },
      { end },
    );
    const busy = Float64Array.from(
      times.filter((time) => time >= 20_000),
      (time) => time - 20_000,
    );
    // A variance from n windows is known to sqrt(2 / n) of itself.
    expect(Math.abs(dispersion(busy, 2) - 1)).toBeLessThan(4 * Math.sqrt(2 / 20_000));
  });

  it("with a higher rate are those of a lower one, closer together", () => {
    const curve: CurveSettings = { profile: [[0, 3]] };
    const slow = timesAlong(curve, { rate: 1 });
    const fast = timesAlong(curve, { rate: 4, end: 25 });
    expect(fast.length).toBe(slow.length);
    fast.forEach((time, i) => expect(4 * time).toBeCloseTo(slow[i], 8));
  });

  it("along a table of one rate are those of that rate", () => {
    const times = timesAlong({ profile: [[0, 5]] }, { cv: 2, seed: 3 });
    const plain = plainTimes(5, 2, 3, 100);
    expect(times.length).toBe(plain.length);
    times.forEach((time, i) => expect(time).toBeCloseTo(plain[i], 9));
  });

  it("are to the last digit those of the plain rate where spikes have a factor of 1, or until the first one begins", () => {
    fc.assert(
      fc.property(cvs, fc.nat(), fc.double({ min: 0, max: 50, noNaN: true }), (cv, seed, at) => {
        const plain = plainTimes(3.7, cv, seed, 100);
        expect(timesAlong({ spikes: [{ at, lasts: 3, factor: 1, every: 7 }] }, { rate: 3.7, cv, seed })).toEqual(plain);
        const spiked = timesAlong({ spikes: [{ at, lasts: 20, factor: 5 }] }, { rate: 3.7, cv, seed });
        const before = (times: readonly number[]): number[] => times.filter((time) => time < at);
        expect(before(spiked)).toEqual(before(plain));
        expect(spiked.length).toBeGreaterThan(plain.length);
      }),
    );
  });

  it("are to the last digit the same where a table says twice what it says once, or a spike of factor 1 lies over it", () => {
    fc.assert(
      fc.property(cvs, fc.nat(), fc.double({ min: 1, max: 50, noNaN: true }), (cv, seed, at) => {
        const once = timesAlong({ profile: [[0, 3.3]] }, { cv, seed });
        const twice: CurveSettings = {
          profile: [
            [0, 3.3],
            [at, 3.3],
          ],
          repeat: 60,
        };
        expect(timesAlong(twice, { cv, seed })).toEqual(once);
        expect(timesAlong({ profile: [[0, 3.3]], spikes: [{ at, lasts: 3, factor: 1, every: 4 }] }, { cv, seed })).toEqual(once);
      }),
    );
  });

  it("are not changed by a further spike before it begins", () => {
    fc.assert(
      fc.property(curves, cvs, fc.nat(), fc.integer({ min: 1, max: 90 }), (curve, cv, seed, at) => {
        const more = { ...curve, spikes: [...(curve.spikes ?? []), { at, lasts: 5, factor: 2.5 }] };
        const before = (times: readonly number[]): number[] => times.filter((time) => time < at);
        expect(before(timesAlong(more, { cv, seed }))).toEqual(before(timesAlong(curve, { cv, seed })));
      }),
    );
  });
});
