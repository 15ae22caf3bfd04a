import type * as z from "zod";
import { nameHint } from "../../base/nearest.ts";
import { issue } from "../../base/settings.ts";
import { targetsOfStep } from "./chain.ts";
import { checkWork, type Named } from "./check-work.ts";
import type { Chain, SpillingStep, Stage } from "./stage-settings.ts";

/** Caches and what else is done on the way come first; the last stage is one target, several in order, or a split. */
export function checkPath(trafficName: string, path: readonly Stage[], scenario: Named, context: z.RefinementCtx): void {
  const targets = [...Object.keys(scenario.pools), ...Object.keys(scenario.providers)];
  const caches = Object.keys(scenario.caches);
  const onTheWay = [...caches, ...Object.keys(scenario.vectorStores), ...Object.keys(scenario.pipelines)];
  path.forEach((stage, i) => {
    const here: PropertyKey[] = ["traffic", trafficName, "path", i];
    const last = i === path.length - 1;
    if (typeof stage === "object" && ("first" in stage || "split" in stage)) {
      if (!last) issue(context, "contradiction", "only the last stage can be a target", { path: here, hint: "caches come before it" });
      if ("split" in stage) checkSplit(stage.split, here, targets, context);
      else checkChain(stage, here, targets, context);
      return;
    }
    if (last) checkLast(stage, here, targets, onTheWay, context);
    else if (typeof stage !== "string" || !caches.includes(stage)) checkWork(stage, here, scenario, context);
  });
}

function checkLast(
  stage: Stage,
  path: PropertyKey[],
  targets: readonly string[],
  onTheWay: readonly string[],
  context: z.RefinementCtx,
): void {
  const name = typeof stage === "string" ? stage : undefined;
  if (name !== undefined && targets.includes(name)) return;
  if (name !== undefined && !onTheWay.includes(name)) {
    issue(context, "unknown-name", `there is no pool or provider \`${name}\``, { path, hint: hintFor(name, targets) });
    return;
  }
  const hint = name === undefined ? "what gives the answer comes after it" : `[${name}, gpus]: a pool or a provider gives the answer`;
  issue(context, "contradiction", "the last stage must be a pool or a provider", { path, hint });
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

function checkSpillOver({ spillOver }: SpillingStep, last: boolean, at: PropertyKey[], context: z.RefinementCtx): void {
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
