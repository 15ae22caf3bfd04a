import * as z from "zod";
import { count, factor } from "../../base/settings.ts";
import type { Call } from "./limiter.ts";

/** Keys of the laws that weigh tokens. */
export const weightShape = {
  inputWeight: factor({ min: 0 }).prefault(1).describe("what a token of the prompt counts for"),
  cachedWeight: factor({ min: 0 })
    .optional()
    .describe("what a token of the prompt counts for that the provider's prompt cache has; inputWeight unless given"),
  outputWeight: factor({ min: 0 }).prefault(1).describe("what a token of the answer counts for; 0: answers do not count"),
};

/** Keys of the laws that count an answer as long as it may become, before it is there. */
const estimateShape = {
  ...weightShape,
  defaultMaxOutput: count({ min: 1, max: 1e8, whole: true })
    .optional()
    .describe("the model's longest answer: what a call without maxOutput counts for, and the most that any does"),
};

/** Keys of the laws that keep what they have estimated. */
export const keptShape = {
  ...estimateShape,
  estimate: z
    .enum(["sum", "larger"])
    .prefault("sum")
    .describe(
      "whether prompt and longest answer count together, or only the larger of them; a call without a longest answer is then its prompt",
    ),
};

/** Keys of the laws that correct at a call's end what they have estimated. */
export const settledShape = {
  ...estimateShape,
  reservedOutputWeight: factor({ min: 0 })
    .optional()
    .describe("what a token of the answer counts for until the call has ended; outputWeight unless given"),
  cachedReserved: z.boolean().prefault(false).describe("whether cached tokens count like others of the prompt until the call has ended"),
};

export const refusedShape = {
  refusedCount: z.boolean().prefault(false).describe("whether refused calls count against rpm"),
};

interface Weights {
  readonly inputWeight: number;
  readonly cachedWeight?: number | undefined;
  readonly outputWeight: number;
}

interface Estimated extends Weights {
  readonly defaultMaxOutput?: number | undefined;
  readonly estimate?: string;
  readonly reservedOutputWeight?: number | undefined;
  readonly cachedReserved?: boolean;
}

/** What the prompt counts for. */
export function promptOf({ input, cached }: Pick<Call, "input" | "cached">, { inputWeight, cachedWeight = inputWeight }: Weights): number {
  return (input - cached) * inputWeight + cached * cachedWeight;
}

/** What the call counts for while its answer is not there: all that it may become. */
export function reserved(call: Call, given: Estimated): number {
  const prompt = given.cachedReserved === true ? call.input * given.inputWeight : promptOf(call, given);
  const answer = longest(call, given) * (given.reservedOutputWeight ?? given.outputWeight);
  return given.estimate === "larger" ? Math.max(prompt, answer) : prompt + answer;
}

/** What it has come to, its answer being no longer than was said to be possible. */
export function used(call: Call, given: Estimated): number {
  return promptOf(call, given) + Math.min(call.output, longest(call, given)) * given.outputWeight;
}

/** Tokens of the longest answer; 0 where nobody says, which is allowed where answers need not count. */
function longest({ maxOutput }: Call, { defaultMaxOutput = Infinity }: Estimated): number {
  const most = Math.min(maxOutput, defaultMaxOutput);
  return most === Infinity ? 0 : most;
}
