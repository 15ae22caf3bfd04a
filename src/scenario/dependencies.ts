import type * as z from "zod";
import { nameHint } from "../base/nearest.ts";
import { issue } from "../base/settings.ts";
import { mostStages } from "./path/stage-settings.ts";
import { partsOf, stageNames } from "./path/parts.ts";
import type { Scenario } from "./schema.ts";

type Checked = Pick<Scenario, "traffic" | "caches" | "vectorStores" | "pipelines" | "pools" | "providers">;

/** What semantic caches name must be there, and the stages of a class need names of their own. */
export function checkDependencies(scenario: Checked, context: z.RefinementCtx): void {
  checkSemanticCaches(scenario, context);
  // Names can only be looked up where they are all there.
  if (context.issues.length > 0) return;
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
    if (names.length > mostStages) {
      const stages = `${partsOf(traffic, scenario).length} entries with ${names.length} stages`;
      issue(context, "out-of-range", `has ${stages} before the targets`, { path, hint: `allowed: up to ${mostStages} stages` });
    }
  }
}

function checkSemanticCaches({ caches, vectorStores, pools, providers }: Checked, context: z.RefinementCtx): void {
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
