import type * as z from "zod";
import { duration, issue, settings } from "../../base/settings.ts";
import type { LimiterLaw } from "./limiter.ts";
import { checkEstimate, estimateShape, refusedShape, reserved } from "./what-counts.ts";
import { WindowCounter } from "./window-counter.ts";

const fixedWindowSettings = settings({
  window: duration({ above: 0 }).prefault("60s").describe("counters begin anew at its multiples; 60s unless given, for fixedWindow"),
  ...estimateShape,
  ...refusedShape,
});

/**
 * Counters of requests and of tokens that are reset every `window`, as Azure OpenAI counts tokens. An answer counts as long as
 * it may become, and what it falls short of that is not given back.
 */
export const fixedWindow: LimiterLaw<z.infer<typeof fixedWindowSettings>> = {
  reads: ["rpm", "tpm"],
  needs: ["rpm", "tpm"],
  settings: fixedWindowSettings,
  check(given, context) {
    if (given.tpm !== undefined) checkEstimate(given, context);
    if (given.rpm !== undefined && (given.rpm / 60) * given.window < 1) {
      issue(context, "contradiction", "no window takes a whole request", {
        path: ["window"],
        hint: `at least ${60 / given.rpm}s for this rpm`,
      });
    }
  },
  create({ rpm = Infinity, tpm = Infinity }, given) {
    const minutes = given.window / 60;
    const counter = new WindowCounter(given.window, { requests: rpm * minutes, tokens: tpm * minutes }, given.refusedCount);
    return { admit: (now, call) => counter.admit(now, reserved(call, given)) };
  },
};
