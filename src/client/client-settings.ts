import * as z from "zod";
import { count, duration, factor, issue, settings, share } from "../base/settings.ts";

const budget = () => duration({ above: 0 }).optional();

const timeoutSettings = settings({
  ttft: budget().describe("from the request's arrival to the first token, over all attempts"),
  total: budget().describe("from the request's arrival to the last token, over all attempts"),
  attempt: settings({
    ttft: budget().describe("from sending an attempt to its first token"),
    total: budget().describe("from sending an attempt to its last token"),
  })
    .prefault({})
    .describe("an attempt that takes longer is given up, and the next target or a retry follows"),
});

export const jitters = ["none", "full", "equal"] as const;

const backoffSettings = settings({
  base: duration({ above: 0 }).prefault("500ms").describe("wait before the first retry"),
  factor: factor({ min: 1 }).prefault(2).describe("growth from one retry to the next"),
  max: duration({ above: 0 }).prefault("8s").describe("longest wait"),
  jitter: z.enum(jitters).prefault("full").describe("full: uniform from 0 to the wait; equal: from half of it"),
});

const shareOrBudget = z.union([z.string(), z.number()]);

const retryBudgetSettings = z.codec(
  z.union([shareOrBudget, settings({ share: shareOrBudget, burst: shareOrBudget.optional() })]),
  settings({
    share: share().describe("retries that each first call earns"),
    burst: count({ min: 1 }).prefault(10).describe("most retries that can be saved up"),
  }),
  { decode: (value) => (typeof value === "object" ? value : { share: value }), encode: (value) => value },
);

const retrySettings = settings({
  attempts: count({ min: 1, max: 100, whole: true }).describe("calls in all, the first one counted; each tries the path's targets in turn"),
  backoff: backoffSettings.prefault({}),
  retryAfterMax: duration().prefault("60s").describe("a provider's retry-after is honoured up to this"),
  budget: retryBudgetSettings.optional().describe("bound on retries as a share of first calls"),
});

export const clientSettings = settings({
  timeout: timeoutSettings.prefault({}),
  retry: retrySettings.prefault({ attempts: 1 }),
}).superRefine(({ timeout }, context) => {
  if (timeout.ttft !== undefined && timeout.total !== undefined && timeout.ttft > timeout.total) {
    issue(context, "contradiction", "ttft is longer than total", {
      path: ["timeout", "ttft"],
      hint: "the first token comes before the last",
    });
  }
});

export type ClientSettings = z.infer<typeof clientSettings>;
export type BackoffSettings = z.infer<typeof backoffSettings>;
