import * as z from "zod";
import { count, factor, issue } from "../../base/settings.ts";
import type { Call } from "./limiter.ts";

/** Keys of the laws that weigh tokens. */
export const weightShape = {
  inputWeight: factor({ min: 0 }).prefault(1).describe("what a token of the prompt counts for"),
  outputWeight: factor({ min: 0 }).prefault(1).describe("what a token of the answer counts for; 0: answers do not count"),
};

/** Keys of the laws that count an answer as long as it may become, before it is there. */
export const estimateShape = {
  ...weightShape,
  defaultMaxOutput: count({ min: 1, max: 1e8, whole: true })
    .optional()
    .describe("the model's longest answer: what a call without maxOutput counts for, and the most that any does"),
};

export const refusedShape = {
  refusedCount: z.boolean().prefault(false).describe("whether refused calls count against rpm"),
};

interface Estimated {
  readonly inputWeight: number;
  readonly outputWeight: number;
  readonly defaultMaxOutput?: number | undefined;
}

export function checkEstimate({ outputWeight, defaultMaxOutput }: Estimated, context: z.RefinementCtx): void {
  if (outputWeight === 0 || defaultMaxOutput !== undefined) return;
  issue(context, "missing-key", "needs defaultMaxOutput, for calls that do not say how long an answer they want", {
    hint: "the model's longest answer, such as 64k; or outputWeight: 0 where answers do not count",
  });
}

/** What the call counts for while its answer is not there: all that it may become. */
export function reserved({ input, maxOutput }: Call, given: Estimated): number {
  return weighted(input, Math.min(maxOutput, given.defaultMaxOutput ?? Infinity), given);
}

/** What it has come to, never more than was reserved. */
export function used(call: Call, given: Estimated): number {
  return Math.min(reserved(call, given), weighted(call.input, call.output, given));
}

function weighted(input: number, output: number, { inputWeight, outputWeight }: Estimated): number {
  return input * inputWeight + (outputWeight === 0 ? 0 : output * outputWeight);
}
