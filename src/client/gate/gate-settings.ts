import type * as z from "zod";
import { count, duration, issue, settings } from "../../base/settings.ts";
import { concurrencySettings } from "./concurrency/registry.ts";

const limiterSettings = settings({
  rpm: count({ min: 1 }).optional().describe("attempts per minute"),
  tpm: count({ min: 1 })
    .optional()
    .describe("tokens per minute: of the prompt, and of the answer as long as it may become; settled at its end"),
  burst: duration({ above: 0 }).prefault("60s").describe("how much is let out at once after a pause, as time of refill"),
  expectedOutput: count({ min: 1, max: 1e8, whole: true })
    .optional()
    .describe("tokens that an answer is taken for beforehand; the class's maxOutput unless given"),
});

const queueSettings = settings({
  capacity: count({ min: 0, whole: true }).optional().describe("attempts that may wait; any number unless given"),
  maxWait: duration({ above: 0 }).optional().describe("whoever has waited longer is shed; any time unless given"),
});

/** Keys of what holds attempts back before they are sent. */
export const gateShape = {
  limiter: limiterSettings.optional().describe("our own bound on requests and tokens per minute, so that the provider need not refuse"),
  concurrency: concurrencySettings.optional().describe("attempts under way at once: a number, { aimd: {} } or { gradient: {} }"),
  queue: queueSettings.optional().describe("who is held back waits, by priority and then in turn; any number for any time unless given"),
};

/** What several classes have in common in front of their targets. */
export const gatewaySettings = settings(gateShape).superRefine(checkGate);

export type GateSettings = z.infer<typeof gatewaySettings>;

type Shape = { [Key in keyof typeof gateShape]?: z.infer<(typeof gateShape)[Key]> };

/** Refuses a limiter that limits nothing or never lets anyone through, and a queue before an open door. */
export function checkGate({ limiter, concurrency, queue }: Shape, context: z.RefinementCtx): void {
  if (limiter !== undefined) {
    const { rpm, tpm, burst } = limiter;
    if (rpm === undefined && tpm === undefined) {
      issue(context, "missing-key", "the limiter needs rpm or tpm", { path: ["limiter"], hint: "rpm: 5000, or tpm: 2M" });
    }
    if (rpm !== undefined && (rpm / 60) * burst < 1) {
      issue(context, "contradiction", "never holds a whole attempt", {
        path: ["limiter", "burst"],
        hint: `at least ${60 / rpm}s for this rpm`,
      });
    }
  }
  if (queue !== undefined && limiter === undefined && concurrency === undefined) {
    issue(context, "contradiction", "nothing ever holds anyone back", {
      path: ["queue"],
      hint: "needs a limiter or concurrency beside it; a pool's own queue is pools.….queue",
    });
  }
}
