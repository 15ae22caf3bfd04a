import * as z from "zod";
import { nameHint } from "../base/nearest.ts";
import { nameSettings } from "../base/name.ts";
import { count, issue, settings, share } from "../base/settings.ts";
import { dependencyShape } from "../client/dependency-settings.ts";
import { failureList, failures } from "../client/retry/retry-settings.ts";
import { distribution } from "../kernel/distributions/registry.ts";

/** Name under which answers are counted that need no model. */
export const cannedServer = "canned";

/** Few enough that a request's attempts can be told apart by their turn. */
const mostSteps = 16;

/** Few enough that caches which had no answer are one bit each. */
export const mostStages = 16;

const splitSettings = z.record(z.string(), share({ min: 0, max: 1 }));

const splitStep = settings({
  split: splitSettings.describe("shares of the calls by target, drawn anew for each call"),
});

const spillingStep = settings({
  target: z.string(),
  spillOver: settings({
    outstanding: count({ min: 1, whole: true })
      .optional()
      .describe("while the classes' clients wait for so many attempts there, further ones go to the next"),
    inputTokens: count({ min: 1, whole: true }).optional().describe("longer prompts go to the next"),
  }).describe("when a call does not ask it but the next"),
});

const stepSettings = z.union([z.string(), spillingStep, splitStep], {
  error: "must be a name, { target: name, spillOver: { outstanding: 64 } } or { split: { a: 80%, b: 20% } }",
});

const chainSettings = settings({
  first: z.array(stepSettings).min(1).max(mostSteps).describe("targets in the order in which they are asked until one answers"),
  on: failureList().describe("endings after which the next is asked; after others the call has ended"),
});

const callSettings = settings({
  call: z.string().describe("the pool or provider that is asked"),
  name: nameSettings.optional().describe("of the stage in reports; the target's unless given"),
  inputTokens: distribution(count({ min: 1, max: 1e8 }))
    .optional()
    .describe("prompt of this call; the request's own unless given"),
  outputTokens: distribution(count({ min: 1, max: 1e8 }))
    .optional()
    .describe("answer to this call; one token, as of an embedding, unless given"),
  ...dependencyShape,
});

export type CallSettings = z.infer<typeof callSettings>;

/** What is done on the way to the targets: what is named or called, or branches side by side, each of one stage or several in order. */
export type Work = string | CallSettings | { readonly parallel: (Work | Work[])[] };

export const workSettings: z.ZodType<Work> = z.lazy(() =>
  z.union([z.string(), callSettings, parallelSettings], { error: "must be a name, { call: name } or { parallel: [stages] }" }),
);

const parallelSettings = settings({
  parallel: z
    .array(z.union([workSettings, z.array(workSettings)]))
    .min(2)
    .describe("branches that begin together, each a stage or a list of stages; the next stage begins when all have ended"),
});

/** A cache, a vector store, a pipeline or a call; as the last stage a target, several, or a split. */
export const stageSettings = z.union([z.string(), callSettings, parallelSettings, chainSettings, splitStep], {
  error: "must be a name, { call: name }, { parallel: [stages] }, { first: [names] } or { split: { name: share } }",
});

export type Stage = z.infer<typeof stageSettings>;
type Step = z.infer<typeof stepSettings>;
type Chain = z.infer<typeof chainSettings>;

/** Whether a stage can only stand before the targets. */
function isWork(stage: Stage): stage is Exclude<Work, string> {
  return typeof stage === "object" && ("call" in stage || "parallel" in stage);
}

/** The last stage of a path as a chain; an empty one of a path that is empty, as one is that has yet to be refused. */
export function chainOf(path: readonly Stage[]): Chain {
  const last = path.at(-1);
  if (typeof last === "object" && "first" in last) return last;
  return { first: last === undefined || isWork(last) ? [] : [last], on: [...failures] };
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

interface Named {
  readonly caches: object;
  readonly pools: object;
  readonly providers: object;
}

/** Caches come first; the last stage is one target, several in order, or a split. */
export function checkPath(trafficName: string, path: readonly Stage[], scenario: Named, context: z.RefinementCtx): void {
  const caches = Object.keys(scenario.caches);
  const targets = [...Object.keys(scenario.pools), ...Object.keys(scenario.providers)];
  path.forEach((stage, i) => {
    const here: PropertyKey[] = ["traffic", trafficName, "path", i];
    const last = i === path.length - 1;
    if (typeof stage !== "string") {
      if (!last) issue(context, "contradiction", "only the last stage can be a target", { path: here, hint: "caches come before it" });
      if ("split" in stage) checkSplit(stage.split, here, targets, context);
      else if ("first" in stage) checkChain(stage, here, targets, context);
      return;
    }
    if (last && targets.includes(stage)) return;
    if (!last && caches.includes(stage)) return;
    if (targets.includes(stage))
      issue(context, "contradiction", "only the last stage can be a target", {
        path: here,
        hint: "{ first: [gpus, openai] } asks several",
      });
    else if (caches.includes(stage))
      issue(context, "contradiction", "the last stage must be a pool or a provider", {
        path: here,
        hint: `[${stage}, gpus]: it answers what the cache does not`,
      });
    else
      issue(context, "unknown-name", `there is no ${last ? "pool or provider" : "cache"} \`${stage}\``, {
        path: here,
        hint: hintFor(stage, last ? targets : caches),
      });
  });
}

function checkChain({ first }: Chain, here: readonly PropertyKey[], targets: readonly string[], context: z.RefinementCtx): void {
  const asked: string[] = [];
  first.forEach((step, j) => {
    const at = [...here, "first", j];
    if (typeof step !== "string" && "split" in step) checkSplit(step.split, at, targets, context);
    else checkTarget(typeof step === "string" ? step : step.target, typeof step === "string" ? at : [...at, "target"], targets, context);
    const again = targetsOfStep(step).find((target) => asked.includes(target));
    if (again !== undefined) issue(context, "contradiction", `\`${again}\` is asked before`, { path: at, hint: "name each target once" });
    asked.push(...targetsOfStep(step));
    if (typeof step !== "string" && "target" in step) checkSpillOver(step, j === first.length - 1, at, context);
  });
}

function checkSpillOver({ spillOver }: z.infer<typeof spillingStep>, last: boolean, at: PropertyKey[], context: z.RefinementCtx): void {
  const path = [...at, "spillOver"];
  if (spillOver.outstanding === undefined && spillOver.inputTokens === undefined) {
    issue(context, "missing-key", "needs a condition", { path, hint: "outstanding: 64, or inputTokens: 8000" });
  }
  if (last) issue(context, "contradiction", "there is no next target to spill over to", { path });
}

const rounding = 1e-9;

function checkSplit(
  split: Readonly<Record<string, number>>,
  here: readonly PropertyKey[],
  targets: readonly string[],
  context: z.RefinementCtx,
): void {
  for (const target of Object.keys(split)) checkTarget(target, [...here, "split", target], targets, context, "key");
  const sum = Object.values(split).reduce((total, one) => total + one, 0);
  if (Math.abs(sum - 1) <= rounding) return;
  issue(context, "contradiction", `the shares add up to ${Number((sum * 100).toPrecision(6))} %`, {
    path: [...here, "split"],
    hint: "they must add up to 100 %",
  });
}

function checkTarget(
  target: string,
  path: PropertyKey[],
  targets: readonly string[],
  context: z.RefinementCtx,
  at: "key" | "value" = "value",
): void {
  if (targets.includes(target)) return;
  issue(context, "unknown-name", `there is no pool or provider \`${target}\``, { path, hint: hintFor(target, targets), at });
}

function hintFor(name: string, known: readonly string[]): string {
  return known.length === 0 ? "none is described in this scenario" : nameHint(name, known);
}
