import * as z from "zod";
import { count, issue, settings } from "../base/settings.ts";
import { prefixCacheSettings } from "./prefix-cache.ts";
import { speculationSettings } from "./speculation.ts";
import { staticBatchSettings } from "./static-batch.ts";
import { stationSettings } from "./station.ts";
import { StepTime, stepTimeSettings } from "./step-time.ts";

/** Bits of a number that engines store weights and KV in. */
export const precisions = ["bf16", "fp8", "fp4"] as const;

/** What one replica of a pool runs: an LLM engine, or something simpler. */
export const engineSettings = settings({
  llm: z.string().min(1).optional().describe("name of the model, as models/llms calls it"),
  precision: z.enum(precisions).optional().describe("of the weights"),
  gpu: z.string().min(1).optional().describe("name of the GPU, as price books call it"),
  gpus: count({ min: 1, max: 1024, whole: true }).prefault(1).describe("GPUs of one replica"),
  stepTime: stepTimeSettings.optional().describe("coefficients of the time of one iteration"),
  maxSequences: count({ min: 1, max: 100_000, whole: true }).prefault(256).describe("most sequences in the batch"),
  maxBatchedTokens: count({ min: 1, whole: true }).prefault(2048).describe("most tokens, read or decoded, in one iteration"),
  kvBlocks: count({ min: 1, whole: true }).optional().describe("KV blocks of one replica, as the engine's log prints them"),
  blockSize: count({ min: 1, max: 4096, whole: true }).prefault(16).describe("tokens in a KV block"),
  kvBytesPerToken: count({ min: 1, whole: true }).optional().describe("bytes of one token's KV, over all GPUs of the replica"),
  context: count({ min: 1, whole: true }).optional().describe("most tokens of prompt and answer together; unbounded unless given"),
  chunkedPrefill: z.boolean().prefault(true).describe("whether a prompt may be read in parts"),
  speculation: speculationSettings.optional().describe("speculative decoding; none unless given"),
  prefixCache: prefixCacheSettings.optional().describe("KV of prompts that is kept for others; none unless given"),
  station: stationSettings.optional().describe("instead of an LLM engine: plain servers with a service time"),
  staticBatch: staticBatchSettings
    .optional()
    .describe("instead of an LLM engine: a server that runs one batch after another, each to its end"),
}).superRefine((value, context) => {
  const missing = (["stepTime", "kvBlocks"] as const).filter((key) => value[key] === undefined);
  const plain = (["station", "staticBatch"] as const).filter((key) => value[key] !== undefined);
  if (plain.length === 0 && missing.length > 0) {
    const needs = `needs ${missing.join(" and ")}, or station or staticBatch`;
    issue(context, "missing-key", needs, { hint: "name a profile, such as llama-3.1-8b/h100/tp1" });
  } else if (plain.length > 1) {
    issue(context, "contradiction", "has both a station and a staticBatch", { path: ["staticBatch"], hint: "give one of them" });
  } else if (plain.length === 1 && missing.length < 2) {
    issue(context, "contradiction", `has a ${plain[0]} beside the settings of an LLM engine`, { path: plain });
  } else {
    checkStepTime(value, context);
    checkBudget(value, context);
  }
});

export type EngineSettings = z.infer<typeof engineSettings>;

/** Coefficients below zero are fine as long as no iteration that the engine can form takes less than no time. */
function checkStepTime({ stepTime, maxSequences, speculation }: EngineSettings, context: z.RefinementCtx): void {
  if (stepTime === undefined || (stepTime.perSequence >= 0 && stepTime.overhead >= 0)) return;
  const time = new StepTime(stepTime);
  const tokens = 1 + (speculation?.draftTokens ?? 0);
  for (let sequences = 1; sequences <= maxSequences; sequences++) {
    const seconds = time.iteration(sequences * tokens, sequences, sequences, 0);
    if (seconds > 0) continue;
    const shown = `${Number((seconds * 1000).toPrecision(3))} ms`;
    issue(context, "out-of-range", `an iteration of ${sequences} sequences would take ${shown}; it must take longer than 0 ms`, {
      path: ["stepTime"],
      hint: "raise perSequence or overhead, or lower maxSequences",
    });
    return;
  }
}

/** A decoding sequence with its drafts must fit into an iteration, or it would never end. */
function checkBudget({ maxBatchedTokens, speculation }: EngineSettings, context: z.RefinementCtx): void {
  const width = 1 + (speculation?.draftTokens ?? 0);
  if (width <= maxBatchedTokens) return;
  issue(context, "contradiction", `a sequence decodes ${width} tokens in an iteration that has ${maxBatchedTokens}`, {
    path: ["maxBatchedTokens"],
    hint: `allowed: at least draftTokens + 1, ${width}`,
  });
}
