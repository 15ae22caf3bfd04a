import type * as z from "zod";
import { duration, factor, issue, settings, share } from "../../../base/settings.ts";
import { ExtremeOverWindow } from "./extreme-over-window.ts";
import { metricSetting } from "./metrics.ts";
import { Observations } from "./observations.ts";
import { replicasFor } from "./replicas-for.ts";
import type { ScalingPolicy } from "./scaler.ts";
import { SeasonalForecast } from "./seasonal-forecast.ts";
import { Stabilisation } from "./stabilisation.ts";

/** A season is held in memory period by period; so many are eleven days of 1 s. */
const mostPeriods = 1_000_000;

const predictiveSettings = settings({
  metric: metricSetting(["concurrency", "requestRate"]),
  target: factor({ above: 0 }).describe("of the metric, per replica"),
  every: duration({ above: 0 }).prefault("60s").describe("time between decisions"),
  season: duration({ above: 0 }).prefault("24h").describe("after which the load repeats itself; a multiple of every"),
  margin: share({ min: 0 }).prefault("10%").describe("added to the forecast"),
  lead: duration().optional().describe("how far ahead the forecast looks; one mean cold start and one period unless given"),
  scaleDownAfter: duration().prefault("5m").describe("scale down only to the most that was wanted in this time"),
}).superRefine(({ every, season }, context) => {
  const periods = season / every;
  // A quotient of decimals may miss its whole number by rounding.
  const whole = Math.abs(periods - Math.round(periods)) <= 1e-9 * periods;
  if (!whole || Math.round(periods) < 2) {
    issue(context, "contradiction", "must be a multiple of every, and at least twice as long", {
      path: ["season"],
      hint: "write it like 24h, with every: 60s",
    });
  } else if (periods > mostPeriods) {
    issue(context, "out-of-range", `has more than ${mostPeriods} periods`, { path: ["season"], hint: "give a longer every" });
  }
});

/**
 * Expects at each time of the season what was there at that time of the seasons before, in the mean, and starts replicas `lead` ahead
 * of it: as many as the most forecast from now to then takes, margin included, and never fewer than the load of now takes without it.
 * A moment of the first season has no forecast; for it the policy only reacts. Predictive scaling of Amazon EC2 goes by daily and weekly
 * patterns, and ahead of its forecast by a SchedulingBufferTime, in the same way
 * (docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-predictive-scaling.html).
 */
export const predictive: ScalingPolicy<z.infer<typeof predictiveSettings>> = {
  settings: predictiveSettings,
  traits: ({ season }) => ({ season }),
  create({ metric, target, every, season, margin, lead, scaleDownAfter }, { coldStart }) {
    const observations = new Observations(metric);
    const stabilisation = new Stabilisation(0, scaleDownAfter);
    const periods = Math.round(season / every);
    const forecast = new SeasonalForecast(periods);
    // Beyond one season the forecast is the same again.
    const ahead = Math.min(periods, Math.ceil((lead ?? coldStart + every) / every - 1e-9));
    const expected = new ExtremeOverWindow("largest");
    let lookedUp = -1;
    return {
      every,
      lag: 0,
      observe: (view, now) => observations.observe(view, now),
      desired({ ready, starting }, now) {
        const period = Math.round(now / every);
        const load = observations.next();
        // The forecast of a period is final a season before it comes, and looked up once; that of this one does without its own load.
        if (lookedUp < period) expected.add(period, forecast.of(period));
        forecast.record(period, load);
        for (let next = Math.max(lookedUp, period) + 1; next <= period + ahead; next++) expected.add(next, forecast.of(next));
        lookedUp = period + ahead;
        const planned = replicasFor(expected.since(period) * (1 + margin), target);
        return stabilisation.settle(Math.max(planned, replicasFor(load, target)), ready + starting, now);
      },
    };
  },
};
