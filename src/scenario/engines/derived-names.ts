import { deploymentOf, isIssue, type Precision } from "../../serving/roofline/deployment.ts";
import type { GpuSettings } from "../../serving/roofline/gpu-settings.ts";
import type { LlmSettings } from "../../serving/roofline/llm-settings.ts";
import type { Catalogue } from "../document/profiles.ts";
import { kvBlocksByDefault } from "./derive-engine.ts";
import { engineName } from "./engine-name.ts";
import { type Facts, isRefusal } from "./facts.ts";

/** Splits that fit into one server. */
const splits = [1, 2, 4, 8];

/** KV that a replica should have room for, in tokens, before it is worth listing. */
const usefulTokens = 16_384;

/**
 * Engines that are worth listing: every model on every GPU that has room for it, as it is published and in fp8 where the GPU can, on the
 * fewest GPUs that hold it with some KV. Any other number of GPUs can be named too.
 */
export function derivedNames(catalogue: Catalogue, facts: Facts): string[] {
  return catalogue.names("llms").flatMap((llm) => catalogue.names("gpus").flatMap((gpu) => namesOf(llm, gpu, facts)));
}

function namesOf(llmName: string, gpuName: string, facts: Facts): string[] {
  const llm = facts.llm(llmName);
  if (isRefusal(llm)) return [];
  const choices: (Precision | undefined)[] = llm.settings.precision === "bf16" ? [undefined, "fp8"] : [undefined];
  return choices.flatMap((precision) => smallestEngine(llmName, precision, gpuName, facts) ?? []);
}

/** The name of the engine on the fewest GPUs that hold the model with some KV; undefined where one server does not, or a part is not known. */
export function smallestEngine(llmName: string, precision: Precision | undefined, gpuName: string, facts: Facts): string | undefined {
  const [llm, gpu] = [facts.llm(llmName), facts.gpu(gpuName)];
  if (isRefusal(llm) || isRefusal(gpu)) return undefined;
  const tp = splits.find((one) => isUseful(llm.settings, gpu.settings, one, precision));
  return tp === undefined ? undefined : engineName({ llm: llmName, precision, gpu: gpuName, tp, dp: 1, ep: false });
}

function isUseful(llm: LlmSettings, gpu: GpuSettings, tp: number, precision: Precision | undefined): boolean {
  const deployment = deploymentOf({ llm, gpu, tp, precision });
  if (isIssue(deployment)) return false;
  const { kvBlocks, blockSize } = kvBlocksByDefault(deployment);
  return kvBlocks * blockSize >= Math.min(usefulTokens, llm.context);
}
