import fc from "fast-check";
import type { CurveSettings } from "../../../src/traffic/arrivals/rate-curve.ts";
import type { Spike } from "../../../src/traffic/arrivals/spikes.ts";

const spike: fc.Arbitrary<Spike> = fc
  .record({
    at: fc.nat(30),
    lasts: fc.integer({ min: 1, max: 6 }),
    factor: fc.constantFrom(0.5, 1, 3),
    pause: fc.nat(9),
    again: fc.boolean(),
  })
  .map(({ at, lasts, factor, pause, again }) => ({ at, lasts, factor, every: again ? lasts + pause : undefined }));

/** Curves with times on a grid, so that steps often meet; spikes may overlap. */
export const curves: fc.Arbitrary<CurveSettings> = fc
  .record({
    gaps: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 4 }),
    rates: fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 5, maxLength: 5 }),
    tabled: fc.boolean(),
    rest: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
    spikes: fc.array(spike, { maxLength: 3 }),
  })
  .map(({ gaps, rates, tabled, rest, spikes }) => {
    let time = 0;
    const profile = [0, ...gaps].map((gap, i): [number, number] => [(time += gap), rates[i]]);
    return tabled ? { profile, repeat: rest && time + rest, spikes } : { spikes };
  });

/** The level of a curve by its meaning, without walking it. */
export function levelAt({ profile = [[0, 1]], repeat = Infinity, spikes = [] }: CurveSettings, moment: number): number {
  const within = repeat === Infinity ? moment : moment % repeat;
  const [, base] = profile.findLast(([time]) => time <= within)!;
  return spikes.reduce((level, { at, lasts, factor, every = Infinity }) => {
    const since = every === Infinity ? moment - at : (moment - at) % every;
    return moment >= at && since < lasts ? level * factor : level;
  }, base);
}
