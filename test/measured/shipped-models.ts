import { openCatalogue } from "../../src/cli/catalogue.ts";
import { isMapping } from "../../src/scenario/document/path.ts";
import { profileMetadata } from "../../src/scenario/document/profiles.ts";
import { type GpuSettings, gpuSettings } from "../../src/serving/roofline/gpu-settings.ts";
import { type LlmSettings, llmSettings } from "../../src/serving/roofline/llm-settings.ts";

const catalogue = openCatalogue();
const decoded = new Map<string, unknown>();

export function shippedLlm(name: string): LlmSettings {
  return shipped("llms", name, llmSettings);
}

export function shippedGpu(name: string): GpuSettings {
  return shipped("gpus", name, gpuSettings);
}

/** A profile of models/ as its schema reads it, without what it says about itself. */
export function shipped<Settings>(kind: string, name: string, schema: { parse(value: unknown): Settings }): Settings {
  const key = `${kind}/${name}`;
  const settings = decoded.get(key) ?? schema.parse(ownSettings(kind, name));
  decoded.set(key, settings);
  return settings as Settings;
}

function ownSettings(kind: string, name: string): Record<string, unknown> {
  const profile = catalogue.find(kind, name);
  if (!isMapping(profile)) throw new Error(`there is no profile ${name} of the kind ${kind}`);
  return Object.fromEntries(Object.entries(profile).filter(([key]) => !(profileMetadata as readonly string[]).includes(key)));
}
