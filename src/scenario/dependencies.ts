import type * as z from "zod";
import { nameHint } from "../base/nearest.ts";
import { amount, seconds } from "../base/format.ts";
import { issue } from "../base/settings.ts";
import { checkFaultCount, checkOutageCount } from "./fault-counts.ts";
import { mostStages } from "./path/stage-settings.ts";
import { partsOf, stageNames } from "./path/parts.ts";
import type { Scenario } from "./schema.ts";

type Checked = Pick<Scenario, "traffic" | "caches" | "vectorStores" | "pipelines" | "pools" | "providers">;

/** The stages of a class need names of their own. */
export function checkStages(scenario: Checked, context: z.RefinementCtx): void {
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

/** More of these in a run were surely not meant, and would take for ever. */
const mostRebuilds = 1_000_000;
const mostWrites = 100_000_000;

/** What happens to a vector store in a run must have an end. */
export function checkStores({ vectorStores, horizon }: Pick<Scenario, "vectorStores" | "horizon">, context: z.RefinementCtx): void {
  for (const [name, { outages, rebuild, writes, reembed, vectors, replicas }] of Object.entries(vectorStores)) {
    const path = ["vectorStores", name];
    checkOutageCount(outages, [...path, "outages", "every"], horizon, context);
    if (rebuild?.every !== undefined)
      checkFaultCount(horizon / rebuild.every, mostRebuilds, [...path, "rebuild", "every"], horizon, context);
    const most = (times: number, at: string): void => {
      if (times * replicas <= mostWrites) return;
      issue(context, "out-of-range", `would be ${amount(Math.round(times * replicas))} writes in ${seconds(horizon)}`, {
        path: [...path, ...at.split(".")],
        hint: `allowed: up to ${amount(mostWrites)} in a run, over all replicas`,
      });
    };
    most(writes * horizon, "writes");
    if (reembed !== undefined) most(Math.min(vectors, reembed.rate * Math.max(0, horizon - reembed.at)), "reembed.rate");
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
