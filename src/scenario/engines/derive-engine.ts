import { shortDuration, thousands } from "../../base/format.ts";
import { mostGpus, mostSequences } from "../../serving/replica/engine-settings.ts";
import type { StepTimeSettings } from "../../serving/replica/step-time.ts";
import {
  type Deployment,
  deploymentOf,
  type DeploymentIssue,
  type DeploymentRequest,
  gigabytes,
  isIssue,
} from "../../serving/roofline/deployment.ts";
import type { RooflineSettings } from "../../serving/roofline/efficiencies.ts";
import type { GpuSettings } from "../../serving/roofline/gpu-settings.ts";
import type { LlmSettings } from "../../serving/roofline/llm-settings.ts";
import { kvBlocksOf, kvBytesOf, heldBytes, memorySettings, rankWindowBytes } from "../../serving/roofline/memory.ts";
import { rooflineStepTime } from "../../serving/roofline/roofline.ts";
import { workOf } from "../../serving/roofline/work.ts";
import type { Mapping } from "../document/path.ts";
import { provenance } from "./engine-provenance.ts";
import type { Fact } from "./facts.ts";

/**
 * What vLLM takes unless told otherwise: 256 sequences on most GPUs, and 8192 tokens in an iteration on those with 70 GB or more, which
 * every engine is given here, both in each data-parallel group; 16 tokens in a block; 90 % of the memory. A scenario can say otherwise
 * beside the engine's name.
 */
const groupDefaults = { maxSequences: 256, maxBatchedTokens: 8192 } as const;
const blockSize = 16;
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
  const tooLarge = sizeIssue(deployment);
  if (tooLarge !== undefined) return tooLarge;
  const { maxSequences, maxBatchedTokens } = limitsOf(deployment);
  const { kvBlocks } = kvBlocksByDefault(deployment);
  if (kvBlocks < 1) return noRoom(deployment);
  const work = workOf(deployment);
  const profile = {
    ...provenance(deployment, work, { llm, gpu, efficiencies }, limitsText(deployment)),
    ...(llm.name === undefined ? {} : { llm: llm.name }),
    precision: deployment.precision,
    ...(gpu.name === undefined ? {} : { gpu: gpu.name }),
    gpus: deployment.gpus,
    stepTime: written(rooflineStepTime(work, deployment.gpu, efficiencies.settings)),
    maxSequences,
    maxBatchedTokens,
    blockSize,
    kvBlocks,
    kvBytesPerToken: kvBytesOf(deployment),
    // A sequence lies in one group, which has its share of the blocks.
    context: Math.min(deployment.llm.context, Math.floor(kvBlocks / deployment.dp) * blockSize),
    chunkedPrefill: true,
  };
  return { profile };
}

/** KV blocks that an engine would find room for, none or fewer where there is none, and the tokens in each. */
export function kvBlocksByDefault(deployment: Deployment): { readonly kvBlocks: number; readonly blockSize: number } {
  return { kvBlocks: kvBlocksOf(deployment, memory, blockSize, limitsOf(deployment).maxSequences), blockSize };
}

/** Of the whole replica, whose groups have their limits each. */
function limitsOf({ dp }: Deployment): { readonly maxSequences: number; readonly maxBatchedTokens: number } {
  return { maxSequences: groupDefaults.maxSequences * dp, maxBatchedTokens: groupDefaults.maxBatchedTokens * dp };
}

function limitsText(deployment: Deployment): string {
  const { precision, kvPrecision, dp } = deployment;
  const { maxSequences, maxBatchedTokens } = limitsOf(deployment);
  const room = `${memory.share * 100} % of the memory less ${gigabytes(memory.reserved)} on each`;
  const usual = `${groupDefaults.maxSequences} sequences and ${thousands(groupDefaults.maxBatchedTokens)} tokens in an iteration`;
  const whole = `, in each of the ${dp} groups: ${thousands(maxSequences)} and ${thousands(maxBatchedTokens)} in the replica`;
  return `weights in ${precision}, KV in ${kvPrecision}, ${room}; ${usual} are vLLM's usual${dp > 1 ? whole : ""}`;
}

function sizeIssue(deployment: Deployment): DeploymentIssue | undefined {
  const { tp, dp, gpus } = deployment;
  const [hint, code] = ["give more replicas", "out-of-range"] as const;
  if (gpus > mostGpus) {
    const message = `tp ${tp} × dp ${dp} = ${thousands(gpus)} GPUs are above the ${thousands(mostGpus)} that a replica can have`;
    return { key: dp > 1 ? "dp" : "tp", code, message, hint };
  }
  if (limitsOf(deployment).maxSequences <= mostSequences) return undefined;
  const most = Math.floor(mostSequences / groupDefaults.maxSequences);
  return { key: "dp", code, message: `dp ${dp} is above the ${most} groups that a replica can have`, hint };
}

function noRoom(deployment: Deployment): DeploymentIssue {
  const held = gigabytes(heldBytes(deployment));
  const room = `${memory.share * 100} % of ${gigabytes(deployment.gpu.memory)}`;
  const groupSequences = groupDefaults.maxSequences;
  const windows = gigabytes(rankWindowBytes(deployment) * groupSequences);
  const beside = deployment.llm.slidingWindow === undefined ? "" : `, ${windows} for the windows of ${groupSequences} sequences`;
  const message = `weights of ${held} on each GPU${beside} and ${gigabytes(memory.reserved)} for activations leave no room for KV in ${room}`;
  return { key: "tp", code: "out-of-range", message, hint: "more GPUs, or a lower precision" };
}

/** Times to five digits, which no efficiency is known to; what is zero is left out. */
function written({ expertShare, dense: _, ...durations }: StepTimeSettings): Mapping {
  const spent = Object.entries(durations).filter(([, seconds]) => seconds !== 0);
  const texts = Object.fromEntries(spent.map(([key, seconds]) => [key, shortDuration(seconds, 5)]));
  return expertShare === 1 ? texts : { ...texts, expertShare };
}
