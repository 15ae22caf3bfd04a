import { PlanError } from "../../base/plan-error.ts";
import { thousands } from "../../base/format.ts";
import type { BatchSettings } from "../../serving/replica/continuous-batch.ts";

/** @throws PlanError when the engine could never serve the largest of these, however long it took */
export function requireServable(
  sizes: readonly { readonly inputTokens: number; readonly outputTokens: number }[],
  engine: BatchSettings & { readonly context?: number | undefined },
  file: string,
): void {
  const { kvBlocks, blockSize, maxBatchedTokens, chunkedPrefill, context = Infinity } = engine;
  const tokens = Math.max(...sizes.map(({ inputTokens, outputTokens }) => inputTokens + outputTokens));
  const prompt = Math.max(...sizes.map(({ inputTokens }) => inputTokens));
  const refuse = (message: string, hint: string): PlanError => new PlanError({ code: "out-of-range", place: { file }, message, hint });
  if (tokens > kvBlocks * blockSize) {
    const room = `${thousands(kvBlocks)} KV blocks of ${blockSize}`;
    throw refuse(
      `${thousands(tokens)} tokens of prompt and answer do not fit in ${room}`,
      "--set kvBlocks=… as the engine's log prints them",
    );
  }
  if (tokens > context) {
    throw refuse(
      `${thousands(tokens)} tokens are above the context of ${thousands(context)}`,
      "--set context=… when the engine allowed more",
    );
  }
  if (!chunkedPrefill && prompt > maxBatchedTokens) {
    const limit = `maxBatchedTokens, ${thousands(maxBatchedTokens)}, without chunked prefill`;
    throw refuse(
      `a prompt of ${thousands(prompt)} tokens is longer than ${limit}`,
      "--set chunkedPrefill=true when the engine reads in parts",
    );
  }
}
