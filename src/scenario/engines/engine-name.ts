import { precisions } from "../../serving/replica/engine-settings.ts";
import type { Precision } from "../../serving/roofline/deployment.ts";

/** What the name of a derived engine says: `llama-3.1-70b-fp8/h100/tp2`, `deepseek-v3/h200/tp1-dp8-ep`. */
export interface EngineName {
  readonly llm: string;
  /** Of the weights; that in which the model is published where the name has none. */
  readonly precision: Precision | undefined;
  readonly gpu: string;
  readonly tp: number;
  readonly dp: number;
  readonly ep: boolean;
}

/** How such names are formed, for hints. */
export const engineNameForm = `<llm>[-${precisions.join("|-")}]/<gpu>/tp<n>[-dp<n>][-ep]`;

const form = /^([^/]+)\/([^/]+)\/tp([1-9]\d{0,3})(?:-dp([1-9]\d{0,3}))?(-ep)?$/;
const suffix = new RegExp(`^(.+)-(${precisions.join("|")})$`);

/** The parts of the name, or undefined when it is not formed like that. */
export function parseEngineName(name: string): EngineName | undefined {
  const match = form.exec(name);
  if (match === null) return undefined;
  const [, model, gpu, tp, dp = "1", ep] = match;
  return { ...splitModel(model), gpu, tp: Number(tp), dp: Number(dp), ep: ep !== undefined };
}

/** The model and the precision that the first part of a name tells. */
export function splitModel(model: string): Pick<EngineName, "llm" | "precision"> {
  const [, llm = model, precision] = suffix.exec(model) ?? [];
  return { llm, precision: precision as Precision | undefined };
}

export function engineName({ llm, precision, gpu, tp, dp, ep }: EngineName): string {
  const model = precision === undefined ? llm : `${llm}-${precision}`;
  return `${model}/${gpu}/tp${tp}${dp > 1 ? `-dp${dp}` : ""}${ep ? "-ep" : ""}`;
}
