import * as z from "zod";
import { plural, shortDuration } from "../../base/format.ts";
import { count, issue, settings } from "../../base/settings.ts";
import { prefixCacheSettings } from "./prefix-cache.ts";
import { speculationSettings } from "./speculation.ts";
import { staticBatchSettings } from "./static-batch.ts";
import { stationSettings } from "./station.ts";
import { StepTime, stepTimeSettings } from "./step-time.ts";

/** Bits of a number that engines store weights and KV in. */
export const precisions = ["bf16", "fp8", "fp4"] as const;

/** The most that a batch may hold, and a replica may have. */
export const mostSequences = 100_000;
export const mostGpus = 1024;

/** What only an LLM engine has, with what it is unless given. */
const llmDefaults = {
  stepTime: undefined,
  maxSequences: 256,
  maxBatchedTokens: 2048,
  kvBlocks: undefined,
  blockSize: 16,
  kvBytesPerToken: undefined,
  context: undefined,
  chunkedPrefill: true,
  speculation: undefined,
  prefixCache: undefined,
} as const;

/** What one replica of a pool runs: an LLM engine, or something simpler. */
export const engineSettings = settings({
  llm: z.string().min(1).optional().describe("name of the model, as models/llms calls it"),
  precision: z.enum(precisions).optional().describe("of the weights"),
  gpu: z.string().min(1).optional().describe("name of the GPU, as price books call it"),
  gpus: count({ min: 1, max: mostGpus, whole: true }).prefault(1).describe("GPUs of one replica"),
  stepTime: stepTimeSettings.optional().describe("coefficients of the time of one iteration"),
  maxSequences: count({ min: 1, max: mostSequences, whole: true })
    .prefault(llmDefaults.maxSequences)
    .describe("most sequences in the batch"),
  maxBatchedTokens: count({ min: 1, whole: true })
    .prefault(llmDefaults.maxBatchedTokens)
    .describe("most tokens, read or decoded, in one iteration"),
  kvBlocks: count({ min: 1, whole: true }).optional().describe("KV blocks of one replica, as the engine's log prints them"),
  blockSize: count({ min: 1, max: 4096, whole: true }).prefault(llmDefaults.blockSize).describe("tokens in a KV block"),
  kvBytesPerToken: count({ min: 1, whole: true }).optional().describe("bytes of one token's KV, over all GPUs of the replica"),
  context: count({ min: 1, whole: true }).optional().describe("most tokens of prompt and answer together; unbounded unless given"),
  chunkedPrefill: z.boolean().prefault(llmDefaults.chunkedPrefill).describe("whether a prompt may be read in parts"),
  speculation: speculationSettings.optional().describe("speculative decoding; none unless given"),
  prefixCache: prefixCacheSettings.optional().describe("KV of prompts that is kept for others; none unless given"),
  station: stationSettings.optional().describe("instead of an LLM engine: plain servers with a service time"),
  staticBatch: staticBatchSettings
    .optional()
    .describe("instead of an LLM engine: a server that runs one batch after another, each to its end"),
}).superRefine((value, context) => {
  const plain = (["station", "staticBatch"] as const).filter((key) => value[key] !== undefined);
  if (plain.length > 1) {
    issue(context, "contradiction", "has both a station and a staticBatch", { path: ["staticBatch"], hint: "give one of them" });
  } else if (plain.length === 1) {
    checkNothingIgnored(plain[0], value, context);
  } else {
    checkPresent(value, context);
    checkDenseTable(value, context);
    checkStepTime(value, context);
    checkBudget(value, context);
  }
});

export type EngineSettings = z.infer<typeof engineSettings>;

/** A setting without effect would be taken for one. */
function checkNothingIgnored(plain: "station" | "staticBatch", value: EngineSettings, context: z.RefinementCtx): void {
  const keys = Object.keys(llmDefaults) as (keyof typeof llmDefaults)[];
  const ignored = keys.filter((key) => value[key] !== llmDefaults[key]);
  if (ignored.length === 0) return;
  issue(context, "contradiction", `has a ${plain} beside ${ignored.join(", ")}, which only an LLM engine has`, {
    path: [plain],
    hint: `leave out ${ignored.join(", ")}, or the ${plain}`,
  });
}

function checkPresent(value: EngineSettings, context: z.RefinementCtx): void {
  const missing = (["stepTime", "kvBlocks"] as const).filter((key) => value[key] === undefined);
  if (missing.length === 0) return;
  const needs = `needs ${missing.join(" and ")}, or station or staticBatch`;
  issue(context, "missing-key", needs, { hint: "name a profile, such as llama-3.1-8b/h100/tp1" });
}

/** More tokens never take less time; what a table leaves without effect is not given beside it. */
function checkDenseTable({ stepTime }: EngineSettings, context: z.RefinementCtx): void {
  const { dense, expertShare } = stepTime ?? {};
  if (dense === undefined) return;
  if (expertShare !== 1) {
    issue(context, "contradiction", `has an expertShare of ${expertShare} beside a table of the dense part`, {
      path: ["stepTime", "expertShare"],
      hint: "leave it out: the table's times are those with the experts that so many tokens use",
    });
  }
  const fall = dense.findIndex(([, seconds], i) => i > 0 && seconds < dense[i - 1][1]);
  if (fall === -1) return;
  const [[fewer, longer], [more, shorter]] = [dense[fall - 1], dense[fall]];
  const times = `${shortDuration(shorter, 4)} for ${more} tokens is less than the ${shortDuration(longer, 4)} for ${fewer}`;
  issue(context, "out-of-range", times, { path: ["stepTime", "dense", fall, 1], hint: "times must not fall from one row to the next" });
}

/**
 * Coefficients below zero are fine as long as no iteration that the engine can form takes less than no time. The shortest has one token
 * for each sequence and no KV, as where prompts are read.
 */
function checkStepTime({ stepTime, maxSequences, maxBatchedTokens }: EngineSettings, context: z.RefinementCtx): void {
  if (stepTime === undefined || stepTime.perSequence >= 0) return;
  const time = new StepTime(stepTime);
  const most = Math.min(maxSequences, maxBatchedTokens);
  for (let sequences = 1; sequences <= most; sequences++) {
    const seconds = time.iteration(sequences, sequences, 0, 0);
    // What is no number comes from a table that has been refused.
    if (!(seconds <= 0)) continue;
    const shown = `${Number((seconds * 1000).toPrecision(3))} ms`;
    issue(context, "out-of-range", `an iteration of ${plural(sequences, "sequence")} would take ${shown}; it must take longer than 0 ms`, {
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
