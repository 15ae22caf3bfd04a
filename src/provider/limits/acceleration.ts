import type * as z from "zod";
import { duration, factor, settings } from "../../base/settings.ts";
import type { LimiterLaw } from "./limiter.ts";
import { keptShape, reserved } from "./what-counts.ts";
import { checkWindow } from "./whole-request.ts";
import { WindowCounter } from "./window-counter.ts";

const accelerationSettings = settings({
  window: duration({ above: 0 }).prefault("60s").describe("what a window takes is compared with what the one before took"),
  growth: factor({ min: 1 }).describe("a window takes at most so many times what the one before took, and always what rpm and tpm allow"),
  ...keptShape,
});

/**
 * Growth is limited, not load: a window takes at most `growth` times the requests and tokens that the one before took, or what
 * rpm and tpm allow where that is more. So n windows after a quiet one no more than growth^n times rpm's worth is taken, and
 * after an empty window it begins again. Anthropic refuses sharp growth below an account's limits; its numbers are not public.
 */
export const acceleration: LimiterLaw<z.infer<typeof accelerationSettings>> = {
  reads: ["rpm", "tpm"],
  needs: ["rpm", "tpm"],
  settings: accelerationSettings,
  check(given, context) {
    checkWindow(given, context);
  },
  create({ rpm = Infinity, tpm = Infinity }, given) {
    const minutes = given.window / 60;
    const counter = new WindowCounter(given.window, { requests: rpm * minutes, tokens: tpm * minutes }, given.growth);
    return {
      wait: (now, call) => counter.wait(now, reserved(call, given)),
      take: (now, call) => counter.take(now, reserved(call, given)),
    };
  },
};
