import * as z from "zod";
import { count, duration, issue, settings, share } from "../../base/settings.ts";
import { lineOrderNames } from "./orders/registry.ts";

const sojournSettings = settings({
  target: duration({ above: 0 }).describe("longest wait while attempts have been waiting longer than that for an interval"),
  interval: duration({ above: 0 }).describe("longest wait otherwise, and how long a standing queue is watched"),
}).superRefine(({ target, interval }, context) => {
  if (target < interval) return;
  issue(context, "contradiction", "target is not shorter than interval", { path: ["target"], hint: "such as target 500ms, interval 10s" });
});

export const queueSettings = settings({
  capacity: count()
    .optional()
    .describe("attempts that may wait in the pool, besides one that the next iteration can take; unbounded unless given"),
  maxWait: duration({ above: 0 }).optional().describe("an attempt that has waited so long is shed; unbounded unless given"),
  sojourn: sojournSettings.optional().describe("instead of maxWait: a bound on the wait that tightens while a queue stands"),
  order: z.enum(lineOrderNames).prefault("fifo").describe("who is next among those that wait, in the pool and at each replica"),
  shedAbove: settings({
    low: share().optional().describe("share of the capacity from which on attempts of low priority are shed"),
    normal: share().optional().describe("the same for normal priority; those of high priority may fill it"),
  })
    .prefault({})
    .describe("who is shed first as the queue fills; all alike unless given"),
}).superRefine(({ capacity, maxWait, sojourn, shedAbove }, context) => {
  if (maxWait !== undefined && sojourn !== undefined) {
    issue(context, "contradiction", "maxWait and sojourn both bound the wait", { path: ["sojourn"], hint: "give one of them" });
  }
  const { low, normal } = shedAbove;
  if (capacity === undefined && (low !== undefined || normal !== undefined)) {
    issue(context, "missing-key", "shedAbove is a share of the capacity, and there is none", { path: ["shedAbove"], hint: "add capacity" });
  }
  if (low !== undefined && low > (normal ?? 1)) {
    issue(context, "contradiction", "low priority would be shed after normal", { path: ["shedAbove", "low"], hint: "low at most normal" });
  }
});

export type QueueSettings = z.infer<typeof queueSettings>;

const cap = (): z.ZodOptional<ReturnType<typeof count>> => count({ min: 1, whole: true }).optional();

export const concurrencySettings = settings({
  perReplica: cap().describe("most attempts queued and running at one replica; unbounded unless given"),
  total: cap().describe("most at all replicas together; unbounded unless given"),
});
