import type * as z from "zod";
import { duration, rate, settings } from "../../../base/settings.ts";
import { replicasFor } from "./replicas-for.ts";
import type { ScalingPolicy } from "./scaler.ts";
import { Stabilisation } from "./stabilisation.ts";

const oracleSettings = settings({
  target: rate().describe("requests per second that each replica is to bear"),
  every: duration({ above: 0 }).prefault("60s").describe("time between decisions"),
  lead: duration().optional().describe("how far ahead it looks; one mean cold start and one period unless given"),
  window: duration({ above: 0 }).prefault("60s").describe("the rate is the most in any window of this length"),
  scaleDownAfter: duration().prefault("5m").describe("scale down only to the most that was wanted in this time"),
});

/**
 * Knows the arrivals to come, and has replicas started in time for the most that will arrive until `lead` from now. No real policy does:
 * it is the bound to compare with. Retries and hedges are not among the arrivals that it knows.
 */
export const oracle: ScalingPolicy<z.infer<typeof oracleSettings>> = {
  settings: oracleSettings,
  create({ target, every, lead, window, scaleDownAfter }, { coldStart, horizon, future }) {
    const stabilisation = new Stabilisation(0, scaleDownAfter);
    const ahead = lead ?? coldStart + every;
    const needed = (now: number): number => replicasFor(future(now, Math.min(now + ahead, horizon), window), target);
    return {
      every,
      lag: 0,
      initial: needed(0),
      observe() {},
      desired({ outstanding, ready, starting }, now) {
        // Who is still here is served, though nobody else will come.
        return stabilisation.settle(Math.max(needed(now), outstanding > 0 ? 1 : 0), ready + starting, now);
      },
    };
  },
};
