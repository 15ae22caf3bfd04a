import type * as z from "zod";
import { duration, issue, settings } from "../../base/settings.ts";
import type { LimiterLaw } from "./limiter.ts";
import { keptShape, refusedShape, reserved } from "./what-counts.ts";
import { WindowCounter } from "./window-counter.ts";

const subWindowSettings = settings({
  window: duration({ above: 0 }).describe("over which the rates are enforced, such as 1s or 10s"),
  ...keptShape,
  ...refusedShape,
});

/**
 * Rates per minute that are enforced over a shorter window, as Azure OpenAI does with requests: 600 rpm over 1 s are 10 in each
 * second. A window takes at least one request, however low the rate; nothing is given back.
 */
export const subWindow: LimiterLaw<z.infer<typeof subWindowSettings>> = {
  reads: ["rpm", "tpm"],
  needs: ["rpm", "tpm"],
  settings: subWindowSettings,
  check(given, context) {
    if (given.window >= 60) {
      issue(context, "contradiction", "is no part of a minute", {
        path: ["window"],
        hint: "1s or 10s; a whole minute is law: fixedWindow",
      });
    }
  },
  create({ rpm = Infinity, tpm = Infinity }, given) {
    const minutes = given.window / 60;
    const most = { requests: Math.max(1, rpm * minutes), tokens: tpm * minutes };
    const counter = new WindowCounter(given.window, most);
    return {
      wait: (now, call) => counter.wait(now, reserved(call, given)),
      take: (now, call) => counter.take(now, reserved(call, given)),
      ...(given.refusedCount ? { refused: (now) => counter.countRequest(now) } : {}),
    };
  },
};
