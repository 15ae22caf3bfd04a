import type * as z from "zod";
import { thousands } from "../base/format.ts";
import { nameHint } from "../base/nearest.ts";
import { issue } from "../base/settings.ts";
import type { RetryLoopSettings } from "../client/retry/retry-settings.ts";
import { mostStages } from "./path/stage-settings.ts";
import { namedParts, partCount, partsOf, stageNames } from "./path/parts.ts";
import type { Scenario } from "./schema.ts";

type Checked = Pick<Scenario, "traffic" | "caches" | "vectorStores" | "pipelines" | "pools" | "providers">;

/** The stages of a class need names of their own, and what is said of them must count. */
export function checkStages(scenario: Checked, context: z.RefinementCtx): void {
  checkLengths(scenario, context);
  if (context.issues.length > 0) return;
  const taken = new Set([...Object.keys(scenario.caches), ...Object.keys(scenario.vectorStores)]);
  checkRetries(scenario, context);
  for (const [className, traffic] of Object.entries(scenario.traffic)) {
    const names = stageNames(traffic, scenario);
    const path = ["traffic", className, "path"];
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) {
      issue(context, "contradiction", `\`${twice}\` comes twice before the targets`, {
        path,
        hint: "leave out one; a call may have a name of its own: { call: gpus, name: rewrite }",
      });
    }
    for (const part of partsOf(traffic, scenario).flatMap(namedParts)) {
      if (part.kind !== "call" || !taken.has(part.name)) continue;
      issue(context, "contradiction", `the call ${part.name} has the name of a cache or vector store`, {
        path,
        hint: `another one: { call: ${part.call.call}, name: rewrite }`,
      });
    }
    if (names.length > mostStages) {
      const stages = `${partsOf(traffic, scenario).length} entries with ${names.length} stages`;
      issue(context, "out-of-range", `has ${stages} before the targets`, { path, hint: `allowed: up to ${mostStages} stages` });
    }
  }
}

/** Far more than stages that all have names of their own need. */
const mostParts = 1000;

/** Pipelines within pipelines multiply, so that they are counted before they are written out. */
function checkLengths({ traffic, pipelines }: Checked, context: z.RefinementCtx): void {
  for (const [className, one] of Object.entries(traffic)) {
    if (partCount(one, pipelines) <= mostParts) continue;
    const message = `has more than ${thousands(mostParts)} stages, pipelines and branches before its targets, all pipelines written out`;
    issue(context, "out-of-range", message, { path: ["traffic", className, "path"], hint: `allowed: up to ${mostStages} stages` });
  }
}

/** What semantic caches name must be there. */
export function checkSemanticCaches({ caches, vectorStores, pools, providers }: Checked, context: z.RefinementCtx): void {
  const stores = Object.keys(vectorStores);
  const embedders = [...Object.keys(pools), ...Object.keys(providers)];
  for (const [name, cache] of Object.entries(caches)) {
    if (cache.kind !== "semantic") continue;
    if (!stores.includes(cache.store)) {
      const hint = stores.length === 0 ? "vectorStores: { … } at the top level describes them" : nameHint(cache.store, stores);
      issue(context, "unknown-name", `there is no vector store \`${cache.store}\``, { path: ["caches", name, "store"], hint });
    }
    const { embedding } = cache;
    if (typeof embedding !== "string" || embedders.includes(embedding)) continue;
    const hint = embedders.length === 0 ? "none is described in this scenario" : nameHint(embedding, embedders);
    issue(context, "unknown-name", `there is no pool or provider \`${embedding}\``, { path: ["caches", name, "embedding"], hint });
  }
}

/** The time-out of a stage ends all its attempts, and a store throttles nobody, so that nothing is tried again after these. */
function checkRetries({ traffic, caches, vectorStores, pipelines }: Checked, context: z.RefinementCtx): void {
  const never = "never happens: the time budget is over all attempts";
  for (const [name, { retry }] of Object.entries(vectorStores)) {
    if (mayHappen(retry, ["timedOut", "throttled"])) continue;
    const path = ["vectorStores", name, "retry", "on"];
    issue(context, "contradiction", `${never}, and a store throttles nobody`, { path, hint: "on: [failed, shed]" });
  }
  for (const [className, one] of Object.entries(traffic)) {
    for (const part of partsOf(one, { caches, vectorStores, pipelines }).flatMap(namedParts)) {
      if (part.kind !== "call" || mayHappen(part.call.retry, ["timedOut"])) continue;
      issue(context, "contradiction", `a retry of ${part.name} on timedOut alone ${never}`, {
        path: ["traffic", className, "path"],
        hint: "on: [failed, shed, throttled]",
      });
    }
  }
}

function mayHappen({ attempts, on }: RetryLoopSettings, never: readonly string[]): boolean {
  return attempts === 1 || on.some((ending) => !never.includes(ending));
}
