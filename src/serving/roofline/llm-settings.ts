import * as z from "zod";
import { count, issue, settings } from "../../base/settings.ts";
import { precisions } from "../replica/engine-settings.ts";
import { parametersOf, readParameters } from "./parameters.ts";

const size = () => count({ min: 1, whole: true });

const expertsSettings = settings({
  count: size().describe("routed experts in a layer"),
  active: size().describe("routed experts that one token uses"),
  shared: count({ min: 0, whole: true }).prefault(0).describe("experts that every token uses"),
  intermediate: size().describe("inner size of one routed expert"),
  sharedIntermediate: size().optional().describe("inner size of one shared expert; that of a routed one unless given"),
  denseLayers: count({ min: 0, whole: true }).prefault(0).describe("layers without experts, whose inner size is `intermediate`"),
}).superRefine(({ count: all, active }, context) => {
  if (active > all) issue(context, "out-of-range", `active ${active} is above the ${all} experts that there are`, { path: ["active"] });
});

const latentAttentionSettings = settings({
  kvRank: size().describe("size of the latent that stands for keys and values"),
  ropeSize: size().describe("size of the key's part with positions, shared by all heads"),
  queryRank: size().optional().describe("size of the queries' latent; queries are projected directly unless given"),
  nopeSize: size().describe("size of a head's part without positions"),
  valueSize: size().describe("size of a head's value"),
});

/** Architecture of a decoder-only transformer with gated feed-forward layers, as its config.json tells: a profile of models/llms. */
export const llmSettings = settings({
  layers: size(),
  hidden: size().describe("size of the residual stream"),
  heads: size().describe("query heads of a layer"),
  kvHeads: size().optional().describe("key and value heads of a layer; not with latentAttention"),
  headSize: size().optional().describe("of queries, keys and values; not with latentAttention"),
  latentAttention: latentAttentionSettings
    .optional()
    .describe("multi-head latent attention, as DeepSeek has, instead of kvHeads and headSize"),
  slidingWindow: settings({ tokens: size(), layers: size() })
    .optional()
    .describe("so many of the layers see only the last `tokens` tokens"),
  intermediate: size().describe("inner size of a dense feed-forward layer; where every layer has experts, that of one expert"),
  experts: expertsSettings.optional().describe("mixture of experts; dense unless given"),
  vocabulary: size(),
  tiedEmbeddings: z.boolean().prefault(false).describe("whether the output head is the embedding"),
  context: size().describe("most tokens of prompt and answer together"),
  precision: z.enum(precisions).describe("of the weights as they are published"),
  densePrecision: z.enum(precisions).optional().describe("of all linear layers but the routed experts, where that is another"),
  fp4Group: size().prefault(16).describe("numbers in fp4 that share a scale of one byte: 16 in NVFP4, 32 in MXFP4"),
  parameters: size().describe("all of them, as published"),
  activeParameters: size().optional().describe("those that one token uses, as published"),
}).superRefine((llm, context) => {
  const { experts, layers, slidingWindow } = llm;
  if (experts !== undefined && experts.denseLayers >= layers) {
    issue(context, "out-of-range", `denseLayers ${experts.denseLayers} leaves none of ${layers} layers to the experts`, {
      path: ["experts"],
    });
  } else if (slidingWindow !== undefined && slidingWindow.layers >= layers) {
    const message = `a window for ${slidingWindow.layers} of ${layers} layers, of which one at least must see the whole prompt`;
    issue(context, "out-of-range", message, { path: ["slidingWindow", "layers"] });
  } else if (checkAttention(llm, context)) checkParameters(llm, context);
});

export type LlmSettings = z.infer<typeof llmSettings>;

function checkAttention({ latentAttention, kvHeads, headSize, heads }: Attention, context: z.RefinementCtx): boolean {
  if (latentAttention !== undefined) {
    if (kvHeads === undefined && headSize === undefined) return true;
    issue(context, "contradiction", "has latentAttention beside kvHeads or headSize", {
      path: ["latentAttention"],
      hint: "leave those out",
    });
  } else if (kvHeads === undefined || headSize === undefined) {
    issue(context, "missing-key", "needs kvHeads and headSize, or latentAttention");
  } else if (heads % kvHeads !== 0) {
    issue(context, "contradiction", `kvHeads ${kvHeads} does not divide the ${heads} heads`, { path: ["kvHeads"] });
  } else return true;
  return false;
}

type Attention = Pick<LlmSettings, "latentAttention" | "kvHeads" | "headSize" | "heads">;

/** The published total is rounded; what differs by more comes from a wrong size. */
const tolerance = 0.02;

/** The published number of active parameters is rounded to a billion by some, and counts the embedding or not. */
const activeTolerance = 0.05;

function checkParameters(llm: LlmSettings, context: z.RefinementCtx): void {
  const counts = parametersOf(llm);
  const total = Object.values(counts).reduce((sum, part) => sum + part, 0);
  if (Math.abs(total / llm.parameters - 1) > tolerance) {
    const message = `the sizes make ${billions(total)} parameters, more than 2 % off the ${billions(llm.parameters)} published`;
    issue(context, "contradiction", message, { path: ["parameters"], hint: "compare the sizes with the model's config.json" });
  }
  const published = llm.activeParameters;
  if (published === undefined) return;
  const active = readParameters(counts, llm);
  if (active > published * (1 + activeTolerance) || active + counts.embedding < published * (1 - activeTolerance)) {
    const message = `the sizes make ${billions(active)} active parameters, more than 5 % off the ${billions(published)} published`;
    issue(context, "contradiction", message, { path: ["activeParameters"], hint: "compare the experts with the model's config.json" });
  }
}

function billions(parameters: number): string {
  return `${Number((parameters / 1e9).toPrecision(4))} G`;
}
