import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type * as z from "zod";
import { settings } from "../../src/base/settings.ts";
import { checkOutages, outageShape, Outages } from "../../src/kernel/outages.ts";
import { Streams } from "../../src/kernel/random.ts";
import { Simulation } from "../../src/kernel/simulation.ts";

const outageSettings = settings(outageShape).superRefine(checkOutages);

/** Begins and ends of the outages up to a moment, in the order in which they are told. */
function told(given: z.input<typeof outageSettings>, until: number, seed = 1) {
  const simulation = new Simulation();
  const begins: number[] = [];
  const ends: number[] = [];
  const outages = new Outages(
    simulation,
    outageSettings.parse(given),
    new Streams(seed, 0).sequence("outages"),
    () => {
      expect([outages.ongoing, begins.length]).toEqual([true, ends.length]);
      begins.push(simulation.now);
    },
    () => {
      expect([outages.ongoing, begins.length]).toEqual([false, ends.length + 1]);
      ends.push(simulation.now);
    },
  );
  return {
    begins,
    ends,
    ongoingAt(time: number) {
      simulation.run(time);
      return outages.ongoing;
    },
    run() {
      simulation.run(until);
      return this;
    },
  };
}

/** Moments at which outages of a length begin, at least that length apart; a gap of 0 makes two touch. */
const apart = (gaps: readonly number[], lasts: number): number[] => gaps.map((gap, i) => gap + i * lasts + sum(gaps.slice(0, i)));
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const seconds = (value: number): string => `${value}s`;

describe("outages at given moments", () => {
  it("go on from each moment for as long as they last, and never otherwise", () => {
    const gaps = fc.array(fc.nat(4), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 5 }), (given, lasts) => {
        const at = apart(given, lasts);
        const outages = told({ at: at.map(seconds), lasts: seconds(lasts) }, 1000);
        for (let time = 0.5; time < 90; time++) {
          expect(outages.ongoingAt(time)).toBe(at.some((begin) => begin <= time && time < begin + lasts));
        }
        expect(outages.ends).toHaveLength(outages.begins.length);
      }),
    );
  });

  it("are one where they touch: neither an end nor a begin is told between them", () => {
    const { begins, ends } = told({ at: ["10s", "40s", "70s", "110s"], lasts: "30s" }, 1000).run();
    expect([begins, ends]).toEqual([
      [10, 110],
      [100, 140],
    ]);
  });
});

describe("outages that come every so often", () => {
  const settled = told({ every: "10m", lasts: "2m" }, 12 * 60 * 4000).run();

  it("last as long as they should, to rounding, each after the end of the one before", () => {
    settled.ends.forEach((end, i) => expect(end - settled.begins[i]).toBeCloseTo(120, 6));
    settled.begins.slice(1).forEach((begin, i) => expect(begin).toBeGreaterThan(settled.ends[i]));
  });

  it("leave gaps of the mean that is given, exponential, the first from the start of the run on", () => {
    const gaps = settled.begins.map((begin, i) => begin - (i === 0 ? 0 : settled.ends[i - 1]));
    const count = gaps.length;
    expect(Math.abs(sum(gaps) / count - 600)).toBeLessThan((4 * 600) / Math.sqrt(count));
    for (const quantile of [0.2, 1, 2]) {
      const beyond = Math.exp(-quantile);
      const share = gaps.filter((gap) => gap > quantile * 600).length / count;
      expect(Math.abs(share - beyond)).toBeLessThan(4 * Math.sqrt((beyond * (1 - beyond)) / count));
    }
  });

  it("are the same for the same seed, and others for another", () => {
    const begins = (seed: number): number[] => told({ every: "10m", lasts: "2m" }, 1e5, seed).run().begins;
    expect(begins(7)).toEqual(begins(7));
    expect(begins(7)).not.toEqual(begins(8));
  });
});

describe("settings of outages", () => {
  it.each([
    [{ lasts: "1h" }, "needs either every or at", []],
    [{ every: "1d", at: ["1h"], lasts: "1h" }, "needs either every or at", []],
    [{ at: ["0h", "2h", "150m"], lasts: "1h" }, "begins before the one before has ended", ["at", 2]],
    [{ at: ["2h", "1h"], lasts: "1h" }, "begins before the one before has ended", ["at", 1]],
  ])("%j: one clear message", (given, message, path) => {
    const { error } = outageSettings.safeParse(given);
    expect(error?.issues).toEqual([expect.objectContaining({ message, path })]);
  });

  it("cannot last no time, come without a pause, or never", () => {
    for (const given of [
      { at: ["1h"], lasts: "0s" },
      { every: "0s", lasts: "1h" },
      { at: [], lasts: "1h" },
    ]) {
      expect(outageSettings.safeParse(given).success).toBe(false);
    }
  });
});
