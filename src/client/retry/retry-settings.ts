import * as z from "zod";
import { abbreviated, count, duration, factor, issue, oneOf, settings, share } from "../../base/settings.ts";

/** How an attempt may end without an answer, and a request after it. */
export const failures = ["timedOut", "shed", "throttled", "failed"] as const;

export type Failure = (typeof failures)[number];

/** A list of endings; all of them unless given. */
export const failureList = () =>
  z
    .array(z.enum(failures))
    .min(1, { error: "names no ending" })
    .prefault([...failures]);

export const jitters = ["none", "full", "equal", "decorrelated"] as const;

const backoffSettings = settings({
  base: duration({ above: 0 }).prefault("500ms").describe("wait before the first retry"),
  factor: factor({ min: 1 }).prefault(2).describe("growth from one retry to the next; decorrelated waits grow up to threefold instead"),
  max: duration({ above: 0 }).prefault("8s").describe("longest wait"),
  jitter: z
    .union([z.enum(jitters), share()], { error: `must be ${jitters.join(", ")} or a share` })
    .prefault("full")
    .describe(
      "full: uniform from 0 to the wait; equal: from half of it; 25%: from three quarters; decorrelated: from base to thrice the last",
    ),
});

const defaultBurst = 10;

const budgetKinds = {
  share: share().describe("retries that each first call earns"),
  tokenBucket: settings({
    capacity: count({ min: 1 }).describe("tokens that a full bucket holds, as it does at first"),
    cost: count({ above: 0 }).describe("tokens that a retry takes"),
    timeoutCost: count({ above: 0 }).optional().describe("what it takes after a time-out; cost unless given"),
    refund: count({ min: 0 }).prefault(1).describe("tokens that an answer gives back"),
  }).describe("a bucket that retries empty and answers fill, as AWS clients have it"),
};

const retryBudgetSettings = abbreviated(
  oneOf(budgetKinds, { burst: count({ min: 1 }).optional().describe("most retries that can be saved up, with share; 10 unless given") }),
  budgetKinds.share,
  (written) => {
    const budget = typeof written === "object" ? written : { share: written };
    return "share" in budget && !("tokenBucket" in budget) ? { burst: defaultBurst, ...budget } : budget;
  },
);

/** Calls in all that one loop of retries may make. */
const mostAttempts = 100;

const retryShape = {
  on: failureList().describe("endings after which it is tried again"),
  backoff: backoffSettings.prefault({}),
  retryAfterMax: duration().prefault("60s").describe("a provider's retry-after is honoured up to this; 0s: never"),
  retryAfterBeyond: z
    .enum(["backoff", "giveUp"])
    .prefault("backoff")
    .describe("what a longer retry-after means: the usual back-off, or no retry at all"),
  budget: retryBudgetSettings.optional().describe("bound on retries and hedges: 10% of first calls, or a token bucket"),
};

function attemptsSettings() {
  return count({ min: 1, max: mostAttempts, whole: true });
}

/** One loop of retries that stands alone, such as that of a stage before the targets. */
export const retryLoopSettings = settings({
  attempts: attemptsSettings().describe("attempts in all, the first one counted"),
  ...retryShape,
}).superRefine(({ budget }, context) => checkBudget(budget, ["budget"], context));

export const retrySettings = settings({
  attempts: attemptsSettings().describe("calls in all, the first one counted; each tries the path's targets in turn"),
  ...retryShape,
  nested: settings({
    attempts: attemptsSettings().describe("attempts in all at each target that a call asks"),
    ...retryShape,
  })
    .optional()
    .describe("retries of the library below, which sends each attempt: they multiply with those above"),
}).superRefine((value, context) => {
  checkBudget(value.budget, ["budget"], context);
  checkBudget(value.nested?.budget, ["nested", "budget"], context);
});

function checkBudget(budget: RetryBudgetSettings | undefined, path: readonly string[], context: z.RefinementCtx): void {
  if (budget?.tokenBucket === undefined) return;
  if (budget.burst !== undefined) {
    issue(context, "contradiction", "burst belongs to share", { path: [...path, "burst"], hint: "a token bucket has a capacity" });
  }
  const { capacity, cost, timeoutCost = cost } = budget.tokenBucket;
  for (const [key, taken] of Object.entries({ cost, timeoutCost })) {
    if (taken <= capacity || (key === "timeoutCost" && timeoutCost === cost)) continue;
    issue(context, "contradiction", "is more than a full bucket holds, so that it never pays for a retry", {
      path: [...path, "tokenBucket", key],
      hint: `capacity is ${capacity}`,
    });
  }
}

/** One loop of retries. */
export type RetryLoopSettings = z.infer<typeof retryLoopSettings>;
export type BackoffSettings = z.infer<typeof backoffSettings>;
export type RetryBudgetSettings = z.infer<typeof retryBudgetSettings>;
