import { plural, shortDuration, thousands } from "../base/format.ts";
import type { StepTimeSettings } from "../serving/step-time.ts";
import {
  type Deployment,
  deploymentOf,
  type DeploymentIssue,
  type DeploymentRequest,
  gigabytes,
  isIssue,
} from "../serving/roofline/deployment.ts";
import type { RooflineSettings } from "../serving/roofline/efficiencies.ts";
import type { GpuSettings } from "../serving/roofline/gpu-settings.ts";
import type { LlmSettings } from "../serving/roofline/llm-settings.ts";
import { kvBlocksOf, kvBytesOf, heldBytes, memorySettings } from "../serving/roofline/memory.ts";
import { rooflineStepTime } from "../serving/roofline/roofline.ts";
import { workOf } from "../serving/roofline/work.ts";
import { isMapping, type Mapping } from "./document/path.ts";
import type { Fact } from "./facts.ts";

/**
 * What vLLM takes unless told otherwise: 256 sequences on most GPUs, and 8192 tokens in an iteration on those with 70 GB or more, which
 * every engine is given here; 16 tokens in a block; 90 % of the memory. A scenario can say otherwise beside the engine's name.
 */
const engineDefaults = { maxSequences: 256, maxBatchedTokens: 8192, blockSize: 16 } as const;
const memory = memorySettings.parse({});

/** An engine profile as models/engines could hold it, its quantities as texts; or what makes it impossible. */
export function deriveEngine(
  request: DeploymentRequest,
  efficiencies: Fact<RooflineSettings>,
  llm: Fact<LlmSettings>,
  gpu: Fact<GpuSettings>,
): { readonly profile: Mapping } | DeploymentIssue {
  const deployment = deploymentOf(request);
  if (isIssue(deployment)) return deployment;
  const { kvBlocks } = kvBlocksByDefault(deployment);
  if (kvBlocks < 1) return noRoom(deployment);
  const profile = {
    ...provenance(deployment, [llm.about, gpu.about, efficiencies.about]),
    ...(llm.name === undefined ? {} : { llm: llm.name }),
    precision: deployment.precision,
    ...(gpu.name === undefined ? {} : { gpu: gpu.name }),
    gpus: deployment.gpus,
    stepTime: written(rooflineStepTime(workOf(deployment), deployment.gpu, efficiencies.settings)),
    ...engineDefaults,
    kvBlocks,
    kvBytesPerToken: kvBytesOf(deployment),
    context: deployment.llm.context,
    chunkedPrefill: true,
  };
  return { profile };
}

/** KV blocks that an engine would find room for, none or fewer where there is none, and the tokens in each. */
export function kvBlocksByDefault(deployment: Deployment): { readonly kvBlocks: number; readonly blockSize: number } {
  const { maxSequences, blockSize } = engineDefaults;
  return { kvBlocks: kvBlocksOf(deployment, memory, blockSize, maxSequences), blockSize };
}

function noRoom(deployment: Deployment): DeploymentIssue {
  const held = gigabytes(heldBytes(deployment));
  const room = `${memory.share * 100} % of ${gigabytes(deployment.gpu.memory)}`;
  const message = `weights of ${held} on each GPU and ${gigabytes(memory.reserved)} for activations leave no room for KV in ${room}`;
  return { key: "tp", code: "out-of-range", message, hint: "more GPUs, or a lower precision" };
}

/** How the engine is known: from its parts, no surer than the roofline was where whole (model, GPU) pairs were left out of its fit. */
function provenance({ llm, tp, dp, ep, precision, kvPrecision, gpus }: Deployment, parts: readonly Mapping[]): Mapping {
  const all = parts.filter((about) => typeof about["source"] === "string");
  const dates = all.map((about) => String(about["asOf"] ?? "")).sort();
  const split = [`tp ${tp}`, ...(dp > 1 ? [`dp ${dp}`] : []), ...(ep ? ["experts spread whole"] : [])].join(", ");
  const { maxSequences, maxBatchedTokens } = engineDefaults;
  const error = errorOf(parts.at(-1)!["error"], llm.experts === undefined ? "dense" : "experts");
  return {
    how: "derived",
    source: all.map((about) => String(about["source"])).join("; "),
    asOf: dates.at(-1) ?? "",
    notes:
      `Roofline of ${plural(gpus, "GPU")} (${split}): weights in ${precision}, KV in ${kvPrecision}, ${memory.share * 100} % of the memory less ` +
      `${gigabytes(memory.reserved)} on each; ${maxSequences} sequences and ${thousands(maxBatchedTokens)} tokens in an iteration are vLLM's usual`,
    ...(error === undefined ? {} : { error }),
  };
}

/** The error of the efficiencies for such a model, which is that of the engine: a text, or `{ dense: { tpot, ttft }, experts: … }`. */
function errorOf(error: unknown, kind: "dense" | "experts"): unknown {
  const own = isMapping(error) ? (error[kind] ?? error) : error;
  if (!isMapping(own) || own["text"] !== undefined) return own;
  const models = kind === "dense" ? "dense models" : "mixtures of experts";
  const medians = `TPOT ${String(own["tpot"])}, TTFT ${String(own["ttft"])}`;
  return { ...own, text: `median over (model, GPU) pairs of ${models} that were left out of the fit: ${medians}` };
}

/** Times to five digits, which no efficiency is known to; what is zero is left out. */
function written({ expertShare, dense: _, ...durations }: StepTimeSettings): Mapping {
  const spent = Object.entries(durations).filter(([, seconds]) => seconds !== 0);
  const texts = Object.fromEntries(spent.map(([key, seconds]) => [key, shortDuration(seconds, 5)]));
  return expertShare === 1 ? texts : { ...texts, expertShare };
}
