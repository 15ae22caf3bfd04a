import * as z from "zod";
import { count, settings } from "../../base/settings.ts";
import { precisions } from "../../serving/replica/engine-settings.ts";
import { kvPrecisions } from "../../serving/roofline/deployment.ts";
import { gpuSettings } from "../../serving/roofline/gpu-settings.ts";
import { llmSettings } from "../../serving/roofline/llm-settings.ts";
import { deriveEngine } from "./derive-engine.ts";
import { mistakesOf } from "../document/mistake.ts";
import { type Mapping, valueAt } from "../document/path.ts";
import { type Derived, mistakesBelow, type Refusal } from "../document/profiles.ts";
import { engineName } from "./engine-name.ts";
import { type Fact, type Facts, isRefusal } from "./facts.ts";

/** The efficiencies of the engine that most run, for names that tell no engine. */
export const standardEfficiencies = "vllm";

const parallel = () => count({ min: 1, max: 1024, whole: true }).prefault(1);
const nameOr = <S extends z.ZodType>(schema: S, noun: string) =>
  z.union([z.string().min(1), schema], { error: `must be the name of ${noun}, or its settings` });

/** What may stand in a scenario as `engine: { roofline: … }`: an engine is derived from it in place. */
export const rooflineRequest = settings({
  llm: nameOr(llmSettings, "a model").describe("a profile of models/llms, or its architecture"),
  gpu: nameOr(gpuSettings, "a GPU").describe("a profile of models/gpus, or its data sheet"),
  tp: parallel().describe("GPUs over which each layer is split"),
  dp: parallel().describe("groups of tp GPUs over which the sequences are spread, for mixtures of experts"),
  ep: z.boolean().prefault(false).describe("whether experts are spread over the GPUs whole, rather than in slices"),
  precision: z.enum(precisions).optional().describe("of the weights; that in which the model is published unless given"),
  kvPrecision: z.enum(kvPrecisions).optional().describe("of keys and values; bf16 unless given"),
  efficiencies: z
    .string()
    .min(1)
    .prefault(standardEfficiencies)
    .describe("how near an engine comes to the peaks: a profile of models/rooflines.yaml"),
});

export type RooflineRequest = z.infer<typeof rooflineRequest>;

/** The engine, or which part of the request makes it impossible, and why. */
export type Rooflined = { readonly profile: Mapping } | { readonly key: keyof RooflineRequest; readonly refusal: Refusal };

export function rooflined(request: RooflineRequest, facts: Facts): Rooflined {
  const llm = part(request.llm, (name) => facts.llm(name));
  if (isRefusal(llm)) return { key: "llm", refusal: llm };
  const gpu = part(request.gpu, (name) => facts.gpu(name));
  if (isRefusal(gpu)) return { key: "gpu", refusal: gpu };
  const efficiencies = facts.efficiencies(request.efficiencies);
  if (isRefusal(efficiencies)) return { key: "efficiencies", refusal: efficiencies };
  const engine = deriveEngine({ ...request, llm: llm.settings, gpu: gpu.settings }, efficiencies, llm, gpu);
  if ("profile" in engine) return engine;
  const { key, ...refusal } = engine;
  return { key, refusal };
}

function part<T extends object>(given: string | T, find: (name: string) => Fact<T> | Refusal): Fact<T> | Refusal {
  return typeof given === "string" ? find(given) : { name: undefined, settings: given, about: {} };
}

/** The engine that `roofline` in a slot describes, or what is wrong with it; undefined where there is no such key. */
export function engineInPlace(written: Mapping, facts: Facts): Derived | undefined {
  if (!Object.hasOwn(written, "roofline")) return undefined;
  const { roofline: raw, ...beside } = written;
  const decoded = z.safeDecode(rooflineRequest, raw as z.input<typeof rooflineRequest>);
  if (!decoded.success) {
    const mistakes = mistakesOf(decoded.error.issues, raw, rooflineRequest);
    return { mistakes: mistakesBelow(["roofline"], mistakes) };
  }
  const request = decoded.data;
  const found = rooflined(request, facts);
  if ("profile" in found) return { profile: found.profile, name: nameOf(request), beside };
  const given = valueAt(raw, [found.key]) !== undefined;
  return { mistakes: [{ ...found.refusal, path: given ? ["roofline", found.key] : ["roofline"], at: "value" }] };
}

/** As the same engine would be named in the catalogue; parts that are no profiles are called `own`. */
function nameOf({ llm, gpu, precision, tp, dp, ep }: RooflineRequest): string {
  const name = (given: string | object) => (typeof given === "string" ? given : "own");
  return engineName({ llm: name(llm), gpu: name(gpu), precision, tp, dp, ep });
}
