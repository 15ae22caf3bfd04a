import type * as z from "zod";
import { duration, settings } from "../../base/settings.ts";
import type { LimiterLaw } from "./limiter.ts";
import { keptShape, refusedShape, reserved } from "./what-counts.ts";
import { checkWindow } from "./whole-request.ts";
import { WindowCounter } from "./window-counter.ts";

const fixedWindowSettings = settings({
  window: duration({ above: 0 })
    .prefault("60s")
    .describe("counters begin anew at its multiples; 60s unless given, for fixedWindow and acceleration"),
  ...keptShape,
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
    checkWindow(given, context);
  },
  create({ rpm = Infinity, tpm = Infinity }, given) {
    const minutes = given.window / 60;
    const counter = new WindowCounter(given.window, { requests: rpm * minutes, tokens: tpm * minutes });
    return {
      wait: (now, call) => counter.wait(now, reserved(call, given)),
      take: (now, call) => counter.take(now, reserved(call, given)),
      ...(given.refusedCount ? { refused: (now) => counter.countRequest(now) } : {}),
    };
  },
};
