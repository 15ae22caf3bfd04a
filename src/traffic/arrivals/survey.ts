import type { RefinementCtx } from "zod";
import { issue } from "../../base/settings.ts";
import * as units from "../../base/units.ts";
import type { ArrivalSettings } from "./arrivals.ts";
import { RateCurve } from "./rate-curve.ts";
import { overlapOf } from "./spikes.ts";

/** More requests in one run were surely not meant, and would not fit the columns that hold them. */
const mostRequests = 500_000_000;

/** More changes of a rate in one run were surely not meant either: hourly ones fill twenty years. */
const mostChanges = 200_000;

/**
 * Looks at what arrives over a whole run: too many requests, a rate that changes too often, spikes that overlap.
 * @param turns expected requests for each arrival
 * @param horizon seconds
 * @param path of the arrivals in the scenario
 */
export function surveyArrivals(
  arrivals: ArrivalSettings,
  turns: number,
  horizon: number,
  path: readonly PropertyKey[],
  context: RefinementCtx,
): void {
  const { rate, profile, repeat, spikes, rateScale } = arrivals;
  // A table without an entry is a mistake that has been found already.
  if (profile?.length === 0) return;
  const { area, changes } = integrate(new RateCurve(arrivals, horizon), horizon);
  const expected = rate === undefined && profile === undefined ? 0 : (rate ?? 1) * rateScale * area * turns;
  if (expected > mostRequests) {
    issue(context, "out-of-range", `asks for about ${expected.toPrecision(2)} requests in one run`, {
      path: [...path, profile === undefined ? "rate" : "profile"],
      hint: `allowed: up to ${mostRequests} (rate × rateScale × ${turns === 1 ? "" : "turns × "}horizon)`,
    });
  }
  if (changes > mostChanges) {
    issue(context, "out-of-range", `the rate changes more than ${mostChanges} times in one run`, {
      path: [...path, repeat === undefined ? "spikes" : "repeat"],
      hint: "let it change less often, or shorten the horizon",
    });
  }
  const overlap = spikes && overlapOf(spikes, horizon, mostChanges);
  if (overlap === undefined) return;
  const moment = units.formatQuantity(units.duration, overlap.moment);
  issue(context, "contradiction", `begins at ${moment}, while spikes.${overlap.earlier} lasts`, {
    path: [...path, "spikes", overlap.later],
    hint: "part them, or make one spike of the two",
  });
}

/** Integral of a curve until `end`, and how often it changes; given up after too many changes. */
function integrate(curve: RateCurve, end: number): { area: number; changes: number } {
  let [area, changes] = [0, 0];
  for (let now = 0; now < end && changes <= mostChanges; changes++) {
    area += curve.level * (curve.next - now);
    now = curve.next;
    curve.step();
  }
  return { area, changes };
}
