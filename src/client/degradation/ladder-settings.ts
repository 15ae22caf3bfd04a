import * as z from "zod";
import { count, duration, issue, money, settings } from "../../base/settings.ts";

const conditionSettings = settings({
  call: count({ min: 2, max: 100, whole: true }).optional().describe("from this call on; 2 is the first retry"),
  waited: duration({ above: 0 }).optional().describe("when a call begins so long after its request's arrival"),
  inFlight: count({ min: 1, whole: true }).optional().describe("when so many requests of the class are in flight, itself counted"),
  breakerOpen: z.literal(true).optional().describe("while a breaker of the class is open"),
  exhausted: z.literal(true).optional().describe("when the request would end without an answer though its user still waits; with canned"),
});

/** One way to give a worse answer rather than none. */
const rungSettings = settings({
  when: conditionSettings.describe("when it applies; of several conditions all must hold"),
  maxOutput: count({ min: 1, max: 1e8, whole: true }).optional().describe("answers are cut at so many tokens"),
  skip: z.array(z.string()).min(1).optional().describe("stages of the path, by name, that are left out"),
  first: z.array(z.string()).min(1).optional().describe("targets that are asked instead, in order: a smaller model"),
  canned: settings({ latency: duration().prefault("0s").describe("from the decision to the whole answer") })
    .optional()
    .describe("an answer that is ready: it needs no model and counts as no tokens"),
  penalty: money().prefault("$0").describe("what a worse answer costs in esteem, each"),
}).superRefine((rung, context) => {
  const conditions = Object.values(rung.when).filter((value) => value !== undefined).length;
  if (conditions === 0) {
    issue(context, "missing-key", "needs a condition", {
      path: ["when"],
      hint: "when: { inFlight: 200 }, { call: 2 }, { waited: 5s } or { exhausted: true }",
    });
  }
  const { maxOutput, skip, first, canned, when } = rung;
  if ((maxOutput ?? skip ?? first ?? canned) === undefined) {
    issue(context, "missing-key", "changes nothing", { hint: "maxOutput: 200, skip: [handbook], first: [small] or canned: {}" });
  }
  if (canned !== undefined && (maxOutput ?? skip ?? first) !== undefined) {
    issue(context, "contradiction", "a canned answer needs no target, so nothing else can change", {
      path: ["canned"],
      hint: "leave out maxOutput, skip and first",
    });
  }
  if (skip !== undefined && when.call !== undefined) {
    issue(context, "contradiction", "stages come before the first call, so nothing is left to skip", {
      path: ["skip"],
      hint: "when: { inFlight: 200 } or { waited: 5s } instead of call",
    });
  }
  if (when.exhausted !== undefined && (canned === undefined || conditions > 1)) {
    issue(context, "contradiction", "only a canned answer is left when all else has failed", {
      path: ["when", "exhausted"],
      hint: "canned: {} beside it, and no other condition",
    });
  }
});

/** Rungs by name, the mildest first. */
export const ladderSettings = z.record(
  z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, { error: "is not a name: letters, digits, - and _, a letter first" }),
  rungSettings,
);

export type LadderSettings = z.infer<typeof ladderSettings>;
export type RungSettings = z.infer<typeof rungSettings>;
