import * as z from "zod";
import { count, duration, issue, settings } from "../base/settings.ts";
import { breakerSettings } from "./breaker.ts";
import { ladderSettings } from "./degradation/ladder-settings.ts";
import { checkGate, gateShape } from "./gate/gate-settings.ts";
import { retrySettings } from "./retry/retry-settings.ts";

const budget = () => duration({ above: 0 }).optional();

const timeoutSettings = settings({
  ttft: budget().describe("from the request's arrival to the first token, over all attempts"),
  total: budget().describe("from the request's arrival to the last token, over all attempts"),
  attempt: settings({
    ttft: budget().describe("from sending an attempt to its first token"),
    total: budget().describe("from sending an attempt to its last token"),
  })
    .prefault({})
    .describe("an attempt that takes longer is given up, and a retry or the next target follows"),
});

const hedgeSettings = settings({
  after: duration({ above: 0 }).describe("without a first token for so long, another attempt is sent beside"),
  most: count({ min: 1, max: 10, whole: true }).prefault(1).describe("attempts sent beside the first, each so long after the one before"),
  target: z.enum(["same", "next"]).prefault("same").describe("where it is sent: to the same target, or to the next of the path"),
});

export const clientSettings = settings({
  timeout: timeoutSettings.prefault({}),
  retry: retrySettings.prefault({ attempts: 1 }),
  hedge: hedgeSettings.optional().describe("the first to give a token is the answer, the others are given up"),
  breaker: breakerSettings.optional().describe("a circuit breaker before each target of the path"),
  gateway: z.string().optional().describe("name of a gateway, whose limiter, concurrency and queue several classes share"),
  ...gateShape,
  degrade: ladderSettings
    .prefault({})
    .describe("worse answers rather than none, by name, the mildest first; of those that apply at once the later wins"),
}).superRefine((client, context) => {
  checkTimeouts(client.timeout, context);
  checkHedge(client, context);
  checkGate(client, context);
  if (client.gateway !== undefined) {
    for (const key of ["limiter", "concurrency", "queue"] as const) {
      if (client[key] === undefined) continue;
      issue(context, "contradiction", "the gateway has it", {
        path: [key],
        hint: `gateways.${client.gateway}.${key}, or leave out gateway`,
      });
    }
  }
});

function checkTimeouts({ ttft, total, attempt }: z.infer<typeof timeoutSettings>, context: z.RefinementCtx): void {
  const refuse = (path: string[], shorter: string, hint: string): void =>
    issue(context, "contradiction", `is longer than ${shorter}`, { path: ["timeout", ...path], hint });
  const first = "the first token comes before the last";
  const part = "an attempt is a part of its request, so this would never strike";
  if (ttft !== undefined && total !== undefined && ttft > total) refuse(["ttft"], "total", first);
  if (attempt.ttft !== undefined && attempt.total !== undefined && attempt.ttft > attempt.total)
    refuse(["attempt", "ttft"], "attempt.total", first);
  if (attempt.ttft !== undefined && ttft !== undefined && attempt.ttft > ttft) refuse(["attempt", "ttft"], "ttft", part);
  else if (attempt.ttft !== undefined && total !== undefined && attempt.ttft > total) refuse(["attempt", "ttft"], "total", part);
  if (attempt.total !== undefined && total !== undefined && attempt.total > total) refuse(["attempt", "total"], "total", part);
}

type Checked = Pick<ClientSettings, "timeout" | "hedge">;

/** A hedge that comes after the patience for a first token has ended would never be sent. */
function checkHedge({ timeout, hedge }: Checked, context: z.RefinementCtx): void {
  if (hedge === undefined) return;
  const patience = Math.min(...[timeout.ttft, timeout.total, timeout.attempt.ttft, timeout.attempt.total].map((one) => one ?? Infinity));
  if (hedge.after >= patience) {
    issue(context, "contradiction", "comes when the time-out has struck already", {
      path: ["hedge", "after"],
      hint: `shorter than ${patience}s`,
    });
  }
}

export type ClientSettings = z.infer<typeof clientSettings>;
