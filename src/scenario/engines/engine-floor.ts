import * as z from "zod";
import { engineSettings, type EngineSettings } from "../../serving/replica/engine-settings.ts";
import { deploymentOf, type DeploymentRequest, isIssue } from "../../serving/roofline/deployment.ts";
import { beatsFloor } from "../../serving/roofline/floor.ts";
import { kvBytesOf } from "../../serving/roofline/memory.ts";
import type { Mapping } from "../document/path.ts";
import { splitProfile } from "../document/profiles.ts";
import { parseEngineName } from "./engine-name.ts";
import { type Facts, isRefusal } from "./facts.ts";

/**
 * What an engine profile promises beyond its hardware, one sentence for each coefficient. The model and the parallelism are the profile's
 * own, or those that its name tells; without a model, or with settings that do not decode, nothing can be said.
 */
export function engineFloor(name: string, profile: Mapping, facts: Facts): string[] {
  const { settings } = splitProfile(profile);
  const decoded = z.safeDecode(engineSettings, settings);
  if (!decoded.success) return [];
  const { stepTime, kvBlocks, blockSize } = decoded.data;
  if (stepTime === undefined || kvBlocks === undefined) return [];
  const request = requestOf(name, decoded.data, facts);
  if (request === undefined || typeof request === "string") return request === undefined ? [] : [request];
  const deployment = deploymentOf(request);
  if (isIssue(deployment)) return [deployment.message];
  return beatsFloor(stepTime, kvBlocks, deployment, blockSize).map(({ message }) => message);
}

/** The deployment that a profile is of; a text says which part of it is not known. */
export function requestOf(name: string, engine: EngineSettings, facts: Facts): DeploymentRequest | string | undefined {
  const parts = parseEngineName(name);
  const model = engine.llm ?? parts?.llm;
  if (model === undefined || engine.gpu === undefined) return undefined;
  const [llm, gpu] = [facts.llm(model), facts.gpu(engine.gpu)];
  for (const fact of [llm, gpu]) if (isRefusal(fact)) return engine.llm === undefined ? undefined : fact.message;
  if (isRefusal(llm) || isRefusal(gpu)) return undefined;
  const split = parts !== undefined && parts.tp * parts.dp === engine.gpus ? parts : { tp: engine.gpus, dp: 1, ep: false };
  const request = { llm: llm.settings, gpu: gpu.settings, tp: split.tp, dp: split.dp, ep: split.ep };
  return { ...request, precision: engine.precision ?? parts?.precision, kvPrecision: kvPrecisionOf(engine, request) };
}

/** KV in fp8 takes half the bytes of a token; a profile that does not tell its bytes has KV in bf16. */
function kvPrecisionOf({ kvBytesPerToken }: EngineSettings, request: DeploymentRequest) {
  const deployment = deploymentOf({ ...request, kvPrecision: "bf16" });
  if (kvBytesPerToken === undefined || isIssue(deployment)) return "bf16";
  return kvBytesPerToken < kvBytesOf(deployment) ? "fp8" : "bf16";
}
