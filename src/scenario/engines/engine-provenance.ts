import { plural } from "../../base/format.ts";
import type { Deployment } from "../../serving/roofline/deployment.ts";
import type { RooflineSettings } from "../../serving/roofline/efficiencies.ts";
import type { GpuSettings } from "../../serving/roofline/gpu-settings.ts";
import type { LlmSettings } from "../../serving/roofline/llm-settings.ts";
import type { Work } from "../../serving/roofline/work.ts";
import { isMapping, type Mapping } from "../document/path.ts";
import type { Fact } from "./facts.ts";

/** What an engine is derived from. */
export interface EngineParts {
  readonly llm: Fact<LlmSettings>;
  readonly gpu: Fact<GpuSettings>;
  readonly efficiencies: Fact<RooflineSettings>;
}

type ModelKind = "dense" | "experts";

const modelNouns: Readonly<Record<ModelKind, string>> = { dense: "dense models", experts: "mixtures of experts" };

/** How the engine is known: from its parts, no surer than the roofline was where whole (model, GPU) pairs were left out of its fit. */
export function provenance(deployment: Deployment, work: Work, parts: EngineParts, limits: string): Mapping {
  const about = [parts.llm.about, parts.gpu.about, parts.efficiencies.about].filter(({ source }) => typeof source === "string");
  const dates = about.map(({ asOf }) => String(asOf ?? "")).sort();
  const kind: ModelKind = deployment.llm.experts === undefined ? "dense" : "experts";
  const stated = parts.efficiencies.about["error"];
  const error = errorOf(stated, kind, parts.gpu.name);
  return {
    how: "derived",
    source: about.map(({ source }) => String(source)).join("; "),
    asOf: dates.at(-1) ?? "",
    notes: [`Roofline of ${splitText(deployment)}: ${limits}`, ...groupsText(deployment), ...fewRows(stated, kind, work)].join(". "),
    ...(error === undefined ? {} : { error }),
  };
}

function splitText({ gpus, tp, dp, ep }: Deployment): string {
  const split = [`tp ${tp}`, ...(dp > 1 ? [`dp ${dp}`] : []), ...(ep ? ["experts spread whole"] : [])].join(", ");
  return `${plural(gpus, "GPU")} (${split})`;
}

/** Groups each have their own sequences; the step time knows only those of the replica. */
function groupsText({ dp }: Deployment): string[] {
  return dp === 1
    ? []
    : [`It is assumed that all ${dp} groups have as much to do: with few requests at a time it is up to ${dp} times too fast`];
}

/**
 * The error of the efficiencies for such a model, which is that of the engine: a text, or of
 * `{ dense: { tpot, ttft, pairs, gpus }, experts: …, elsewhere }` the medians, of how many pairs they are, and whether this GPU is of those.
 */
function errorOf(stated: unknown, kind: ModelKind, gpu: string | undefined): unknown {
  const own = isMapping(stated) ? (stated[kind] ?? stated) : stated;
  if (!isMapping(own) || own["text"] !== undefined) return own;
  const { tpot, ttft, pairs, gpus } = own;
  const models = modelNouns[kind];
  const known = Array.isArray(gpus) ? gpus.map(String) : undefined;
  const of = pairs === undefined ? "(model, GPU) pairs" : `${String(pairs)} (model, GPU) pairs`;
  const on = known === undefined ? "" : `, on ${listed(known)}`;
  const text = `median of ${of} of ${models} left out of the fit${on}: TPOT ${String(tpot)}, TTFT ${String(ttft)}`;
  if (known === undefined || (gpu !== undefined && known.includes(gpu))) return { tpot, ttft, text };
  const doubt = `the fit has no ${models} on ${gpu ?? "this GPU"}, so the error may be larger`;
  const elsewhere = isMapping(stated) && stated["elsewhere"] !== undefined ? `: ${String(stated["elsewhere"])}` : "";
  return { tpot, ttft, text: `${text}. ${capitalised(doubt)}${elsewhere}` };
}

/** That a precision's share of the peak rests on little, by `fewRows: { dense: { fp4: … }, experts: { bf16: … } }` of the error. */
function fewRows(stated: unknown, kind: ModelKind, { densePrecision, expertPrecision }: Work): string[] {
  const all = isMapping(stated) ? stated["fewRows"] : undefined;
  const few = isMapping(all) ? all[kind] : undefined;
  const [what, precision] = kind === "dense" ? ["Dense layers", densePrecision] : ["Experts", expertPrecision];
  if (!isMapping(few)) return [];
  if (few[precision] !== undefined) {
    return [`${what} computed in ${precision} rest on ${String(few[precision])}: do not compare them with other precisions`];
  }
  return kind === "dense"
    ? []
    : Object.entries(few).map(([thin, rows]) => `Do not compare it with ${thin}, where experts rest on ${String(rows)}`);
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)!}`;
}

function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
