import { nearest } from "../../base/nearest.ts";
import { aliased } from "./aliases.ts";
import { smallestEngine } from "./derived-names.ts";
import type { Catalogue } from "../document/profiles.ts";
import { engineNameForm, splitModel } from "./engine-name.ts";
import type { Facts } from "./facts.ts";

/** A GPU for examples. */
const usualGpu = "h100";
const anyEngine = `${engineNameForm}, such as llama-3.1-8b/${usualGpu}/tp1`;

type Model = ReturnType<typeof splitModel>;

/**
 * What a name that no engine has, and that is not formed like one, most likely meant: the nearest of the shipped engines; a model on a GPU
 * without their number; a model alone, maybe as its publisher names it.
 */
export function engineHint(name: string, catalogue: Catalogue, facts: Facts): string {
  const shipped = nearest(name, catalogue.names("engines"));
  if (shipped !== undefined) return `did you mean \`${shipped}\`? or ${anyEngine}`;
  const [first, second, ...rest] = name.toLowerCase().split("/");
  const gpus = catalogue.names("gpus");
  const gpu = second === undefined ? undefined : gpus.includes(second) ? second : nearest(second, gpus);
  // Publishers' names stand behind an organisation.
  const isPublished = second !== undefined && gpu === undefined && rest.length === 0;
  const models = isPublished ? modelsMeant(second, catalogue) : modelsMeant(first, catalogue);
  if (models.length === 0) return `write it like ${anyEngine}`;
  if (models.length > 1) return `which model: ${models.map(({ llm }) => llm).join(", ")}? Write it like ${anyEngine}`;
  return gpu === undefined ? withoutGpu(models[0], facts) : withoutNumber(models[0], gpu, facts);
}

function withoutNumber(model: Model, gpu: string, facts: Facts): string {
  const full = smallestEngine(model.llm, model.precision, gpu, facts);
  const none = `add the GPUs: ${model.llm}/${gpu}/tp<n>, though one server of ${gpu} does not hold it with KV to spare`;
  return full === undefined ? none : `add the GPUs: ${full}`;
}

function withoutGpu({ llm, precision }: Model, facts: Facts): string {
  const example = smallestEngine(llm, precision, usualGpu, facts);
  return `an engine is a model on GPUs: ${llm}/<gpu>/tp<n>${example === undefined ? "" : `, such as ${example}`}`;
}

/** The model of that name or alias; or the longest with which it begins, all that begin with it, or one that is near. */
function modelsMeant(text: string, catalogue: Catalogue): Model[] {
  const { llm, precision } = splitModel(text);
  const names = catalogue.names("llms");
  const [begun] = names.filter((one) => llm.startsWith(one)).sort((a, b) => b.length - a.length);
  const one = aliased(catalogue, "llms", llm) ?? begun;
  const beginning = llm.length > 2 ? names.filter((known) => known.startsWith(llm)) : [];
  const near = nearest(llm, names);
  const found = one !== undefined ? [one] : beginning.length > 0 ? beginning : near !== undefined ? [near] : [];
  return found.map((known) => ({ llm: known, precision }));
}
