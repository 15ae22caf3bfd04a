import type { Objective } from "../scenario/slo.ts";
import { outcomeCode } from "../traffic/outcome.ts";
import type { Estimate, Verdict } from "./result.ts";
import type { Recorder } from "./recorder.ts";

/** Seconds from arrival to the first token of the answer; NaN without one, that is unless served or still being answered at the end. */
export function ttftOf(recorder: Recorder, request: number): number {
  return recorder.firstTokenAt[request] - recorder.arrivedAt[request];
}

/** Seconds from arrival to the last token; NaN unless served. */
export function totalOf(recorder: Recorder, request: number): number {
  return recorder.outcome[request] === outcomeCode.served ? recorder.endedAt[request] - recorder.arrivedAt[request] : NaN;
}

/** Seconds per output token after the first; NaN unless served, and for answers of one token and canned ones, which have none. */
export function tpotOf(recorder: Recorder, request: number): number {
  const later = recorder.outputTokens[request] - 1;
  if (recorder.outcome[request] !== outcomeCode.served || later < 1) return NaN;
  return (recorder.endedAt[request] - recorder.firstTokenAt[request]) / later;
}

const latencyOf = { ttft: ttftOf, total: totalOf, tpot: tpotOf };

/** Whether a request was served a worse answer: of some rung of its client's ladder, or without what a stage before the targets gives. */
export function isDegraded(recorder: Recorder, request: number): boolean {
  return recorder.outcome[request] === outcomeCode.served && (recorder.rung[request] > 0 || recorder.lacks[request] !== 0);
}

/**
 * Whether an offered request met an objective. One that was not served met none on latency or success, but for one that was still being
 * answered at the end, whose first token may have been in time. An objective on degraded or wrong answers is met by all others. An answer of one token meets every objective on tpot, since there is no gap between
 * tokens that could be too long. Cost is not a matter of single requests.
 */
export function metBy(objective: Objective, recorder: Recorder, request: number): boolean {
  if (objective.kind === "cost") return true;
  const served = recorder.outcome[request] === outcomeCode.served;
  if (objective.kind === "success") return served;
  if (objective.kind === "degraded") return !isDegraded(recorder, request);
  if (objective.kind === "wrong") return !(served && recorder.wrong[request] === 1);
  const latency = latencyOf[objective.metric](recorder, request);
  const oneToken = objective.metric === "tpot" && served && Number.isNaN(latency);
  return oneToken || latency < objective.below;
}

/** Whether a request was served and met every objective. */
export function isGood(slo: readonly Objective[], recorder: Recorder, request: number): boolean {
  return recorder.outcome[request] === outcomeCode.served && slo.every((objective) => metBy(objective, recorder, request));
}

/** What must be reached: a share of the offered requests, or at most so many dollars per month. */
export function targetOf(objective: Objective): number {
  return objective.kind === "cost" ? objective.below : objective.least;
}

/** Stands in for the budget of an objective that all requests must meet, and which so has none. */
const smallestBudget = 1e-4;

/**
 * Share of an objective's error budget that is left: 1 when nothing missed it, 0 when as much as allowed, negative beyond.
 * The budget of "95 % must" is 5 % of the requests, that of a cost objective its limit.
 */
export function budgetLeft(objective: Objective, attained: number): number {
  if (objective.kind === "cost") return 1 - attained / objective.below;
  return (attained - objective.least) / Math.max(smallestBudget, 1 - objective.least);
}

/** Met or missed when the whole interval of the budget left lies on one side of zero, otherwise undecided; without an interval the mean decides. */
export function verdictOf({ mean, low = mean, high = mean }: Estimate, strict: boolean): Verdict {
  if (strict ? low > 0 : low >= 0) return "met";
  if (strict ? high <= 0 : high < 0) return "missed";
  return "undecided";
}

/** Missed when one is missed, met when all are. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes("missed")) return "missed";
  return verdicts.includes("undecided") ? "undecided" : "met";
}
