import { failures } from "../../client/retry/retry-settings.ts";
import type { Chain, Stage, Step } from "./stage-settings.ts";

/** The last stage of a path as a chain; an empty one of a path that does not end in targets, as one is that has yet to be refused. */
export function chainOf(path: readonly Stage[]): Chain {
  const last = path.at(-1);
  if (typeof last === "object" && "first" in last) return last;
  const step = typeof last === "string" || (typeof last === "object" && "split" in last) ? [last] : [];
  return { first: step, on: [...failures] };
}

/** Names of the targets that a step may ask. */
export function targetsOfStep(step: Step): string[] {
  if (typeof step === "string") return [step];
  return "split" in step ? Object.keys(step.split) : [step.target];
}

/** Names of the targets that a path may ask, each once. */
export function targetsOf(path: readonly Stage[]): string[] {
  return [...new Set(chainOf(path).first.flatMap(targetsOfStep))];
}
