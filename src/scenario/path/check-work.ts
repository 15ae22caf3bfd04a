import type * as z from "zod";
import { nameHint } from "../../base/nearest.ts";
import { issue } from "../../base/settings.ts";
import type { Scenario } from "../schema.ts";
import type { Work } from "./stage-settings.ts";

export type Named = Pick<Scenario, "caches" | "vectorStores" | "pipelines" | "pools" | "providers">;

type Path = readonly PropertyKey[];

/** What is done on the way must name what there is, and nothing can be a part of itself. */
export function checkWork(work: Work, here: Path, scenario: Named, context: z.RefinementCtx): void {
  if (typeof work === "string") {
    checkName(work, here, scenario, context);
    return;
  }
  if ("call" in work) {
    const targets = targetNames(scenario);
    if (targets.includes(work.call)) return;
    const hint = targets.length === 0 ? "none is described in this scenario" : nameHint(work.call, targets);
    issue(context, "unknown-name", `there is no pool or provider \`${work.call}\``, { path: [...here, "call"], hint });
    return;
  }
  work.parallel.forEach((branch, i) => checkAll(branch, [...here, "parallel", i], scenario, context));
}

/** Pipelines name what there is, and none contains itself. */
export function checkPipelines(scenario: Named, context: z.RefinementCtx): void {
  for (const [name, pipeline] of Object.entries(scenario.pipelines)) {
    checkAll(pipeline, ["pipelines", name], scenario, context);
    const cycle = cycleFrom(name, scenario);
    if (cycle === undefined) continue;
    issue(context, "contradiction", `contains itself: ${cycle.join(", ")}`, { path: ["pipelines", name], hint: "leave out one of these" });
  }
}

function checkAll(branch: Work | readonly Work[], here: Path, scenario: Named, context: z.RefinementCtx): void {
  if (!Array.isArray(branch)) checkWork(branch as Work, here, scenario, context);
  else (branch as readonly Work[]).forEach((work, i) => checkWork(work, [...here, i], scenario, context));
}

function checkName(name: string, here: Path, scenario: Named, context: z.RefinementCtx): void {
  const { caches, vectorStores, pipelines } = scenario;
  if (Object.hasOwn(vectorStores, name) || Object.hasOwn(pipelines, name)) return;
  const path = [...here];
  if (targetNames(scenario).includes(name)) {
    const hint = `{ first: [${name}, openai] } asks several, { call: ${name} } asks it on the way`;
    issue(context, "contradiction", "only the last stage can be a target", { path, hint });
  } else if (Object.hasOwn(caches, name)) {
    issue(context, "contradiction", "a cache ends the way of what it answers, so it cannot be a part of another stage", {
      path,
      hint: "name it in the path itself",
    });
  } else {
    const known = [...Object.keys(caches), ...Object.keys(vectorStores), ...Object.keys(pipelines)];
    const hint = known.length === 0 ? "none is described in this scenario" : nameHint(name, known);
    issue(context, "unknown-name", `there is no cache, vector store or pipeline \`${name}\``, { path, hint });
  }
}

function targetNames({ pools, providers }: Named): string[] {
  return [...Object.keys(pools), ...Object.keys(providers)];
}

/** The pipelines on a way from one back to itself; undefined where there is none. */
function cycleFrom(name: string, { pipelines }: Named): string[] | undefined {
  const seen = new Set<string>();
  const search = (at: string, trail: readonly string[]): string[] | undefined => {
    for (const next of pipelinesIn(pipelines[at] ?? [], pipelines)) {
      if (next === name) return [...trail, next];
      if (seen.has(next)) continue;
      seen.add(next);
      const found = search(next, [...trail, next]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return search(name, [name]);
}

function pipelinesIn(works: readonly Work[], pipelines: Named["pipelines"]): string[] {
  return works.flatMap((work) => {
    if (typeof work === "string") return Object.hasOwn(pipelines, work) ? [work] : [];
    return "call" in work ? [] : pipelinesIn(work.parallel.flat(), pipelines);
  });
}
