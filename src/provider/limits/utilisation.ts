import type * as z from "zod";
import { count, settings } from "../../base/settings.ts";
import { bucketShape } from "./bucket.ts";
import type { LimiterLaw } from "./limiter.ts";
import { checkSold, soldUnits } from "./sold-units.ts";
import { reserved, settledShape, used } from "./what-counts.ts";

export const utilisationSettings = settings({
  units: count({ min: 1, whole: true }).describe("provisioned units"),
  tokensPerMinutePerUnit: count({ min: 1 }).describe("input tokens per minute that a unit works off"),
  sold: soldUnits.optional().describe("in which sizes units are sold; any unless given"),
  ...bucketShape,
  ...settledShape,
});

/** Share of full utilisation that is not worth waiting for, so that who comes back when told to is not refused for a rounding error. */
const rounding = 1e-9;

/**
 * Provisioned units as a leaky bucket: a call pours in its tokens, estimated as long as its answer may become and corrected at
 * its end, and the units work them off. Utilisation is what is in the bucket over `burst` worth of work; above 100 % calls are
 * refused until it is down there again, so that the last call taken may lift it above by its own size.
 */
export const utilisation: LimiterLaw<z.infer<typeof utilisationSettings>> = {
  reads: [],
  needs: [],
  settings: utilisationSettings,
  check(given, context) {
    checkSold(given.units, given.sold, context);
  },
  create(_, given) {
    const perSecond = (given.units * given.tokensPerMinutePerUnit) / 60;
    const full = perSecond * given.burst;
    let level = 0;
    let leakedAt = 0;
    const leak = (now: number): void => {
      level = Math.max(0, level - (now - leakedAt) * perSecond);
      leakedAt = now;
    };
    return {
      wait(now) {
        leak(now);
        return level > full * (1 + rounding) ? (level - full) / perSecond : 0;
      },
      take(now, call) {
        leak(now);
        level += reserved(call, given);
      },
      settle(now, call) {
        leak(now);
        level = Math.max(0, level - (reserved(call, given) - used(call, given)));
      },
    };
  },
};
