import * as z from "zod";
import { type GpuSettings, gpuSettings } from "../../serving/roofline/gpu-settings.ts";
import { type LlmSettings, llmSettings } from "../../serving/roofline/llm-settings.ts";
import { type RooflineSettings, rooflineSettings } from "../../serving/roofline/efficiencies.ts";
import { knownHint } from "./aliases.ts";
import { mistakesOf } from "../document/mistake.ts";
import { dotted, type Mapping } from "../document/path.ts";
import { type Catalogue, type Refusal, splitProfile } from "../document/profiles.ts";

/** A profile of the catalogue, decoded, and what it says about itself. */
export interface Fact<T> {
  /** Undefined where it stands in the scenario itself. */
  readonly name: string | undefined;
  readonly settings: T;
  readonly about: Mapping;
}

/** What engines are derived from, each profile decoded once, or why there is none. */
export interface Facts {
  llm(name: string): Fact<LlmSettings> | Refusal;
  gpu(name: string): Fact<GpuSettings> | Refusal;
  efficiencies(name: string): Fact<RooflineSettings> | Refusal;
}

export function factsOf(catalogue: Catalogue): Facts {
  const llms = remembered((name) => factOf(catalogue, "llms", "model", llmSettings, name));
  const gpus = remembered((name) => factOf(catalogue, "gpus", "GPU", gpuSettings, name));
  const rooflines = remembered((name) => factOf(catalogue, "rooflines", "set of efficiencies", rooflineSettings, name));
  return { llm: llms, gpu: gpus, efficiencies: rooflines };
}

export function isRefusal(found: Fact<unknown> | Refusal): found is Refusal {
  return "message" in found;
}

function remembered<T>(find: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>();
  return (name) => {
    const found = known.get(name) ?? find(name);
    known.set(name, found);
    return found;
  };
}

function factOf<T>(catalogue: Catalogue, kind: string, noun: string, schema: z.ZodType<T>, name: string): Fact<T> | Refusal {
  const profile = catalogue.find(kind, name) as Mapping | undefined;
  if (profile === undefined) {
    return {
      code: "unknown-name",
      message: `there is no ${noun} \`${name}\` among the ${kind}`,
      hint: knownHint(catalogue, kind, name),
    };
  }
  const { settings, about } = splitProfile(profile);
  const decoded = z.safeDecode(schema, settings);
  if (decoded.success) return { name, settings: decoded.data, about };
  const [{ path, message, code, hint }] = mistakesOf(decoded.error.issues, settings, schema);
  return { code, message: `the profile \`${name}\` of the ${kind} is wrong: ${dotted(path)} ${message}`, hint };
}
