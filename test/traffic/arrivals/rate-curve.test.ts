import fc from "fast-check";
import { expect, it } from "vitest";
import { RateCurve } from "../../../src/traffic/arrivals/rate-curve.ts";
import { overlapOf } from "../../../src/traffic/arrivals/spikes.ts";
import { curves, levelAt } from "./curves.ts";

const end = 100;

it("has at every moment the rate of the table times the spikes that last, and none from its end on", () => {
  fc.assert(
    fc.property(curves, (settings) => {
      const curve = new RateCurve(settings, end);
      for (let moment = 0; moment < end; moment += 0.5) expect(curve.at(moment)).toBe(levelAt(settings, moment));
      expect([curve.at(end), curve.next]).toEqual([0, Infinity]);
    }),
  );
});

it("walks from step to step without one in between, forward all the time", () => {
  fc.assert(
    fc.property(curves, (settings) => {
      const curve = new RateCurve(settings, end);
      while (curve.next < Infinity) {
        const [level, until] = [curve.level, curve.next];
        expect(level).toBe(levelAt(settings, until - 0.25));
        curve.step();
        expect(curve.next).toBeGreaterThan(until);
      }
    }),
  );
});

it("a step holds its start and not its end", () => {
  const curve = new RateCurve(
    {
      profile: [
        [0, 2],
        [9, 30],
      ],
      spikes: [{ at: 4, lasts: 2, factor: 3 }],
    },
    end,
  );
  expect([3.99, 4, 5.99, 6, 8.99, 9].map((moment) => curve.at(moment))).toEqual([2, 6, 6, 2, 2, 30]);
});

it("spikes overlap where two last at the same moment before the end, and the first that begins so is told", () => {
  fc.assert(
    fc.property(curves, ({ spikes = [] }) => {
      const lasting = (moment: number) =>
        spikes.flatMap(({ factor: _, ...rest }, i) => (levelAt({ spikes: [{ ...rest, factor: 2 }] }, moment) === 2 ? [i] : []));
      const moments = Array.from({ length: end }, (_, moment) => moment);
      const first = moments.find((moment) => lasting(moment).length > 1);
      const found = overlapOf(spikes, end, 10_000);
      expect(found?.moment).toBe(first);
      if (found === undefined) return;
      expect(lasting(found.moment)).toEqual(expect.arrayContaining([found.later, found.earlier]));
      expect(found.later).not.toBe(found.earlier);
    }),
  );
});

it("a spike may begin where another ends, also where the sum is rounded, and again where it ended itself", () => {
  expect(0.1 + 0.2).toBeGreaterThan(0.3);
  const spikes = [
    { at: 0.1, lasts: 0.2, factor: 2 },
    { at: 0.3, lasts: 1, factor: 3, every: 1 },
  ];
  expect(overlapOf(spikes, 50, 10_000)).toBeUndefined();
  expect(overlapOf([...spikes, { at: 7, lasts: 1, factor: 2 }], 50, 10_000)).toMatchObject({ earlier: 1, later: 2, moment: 7 });
});
