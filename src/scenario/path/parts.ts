import type { Scenario, TrafficClass } from "../schema.ts";
import type { CallSettings, Stage, Work } from "./stage-settings.ts";

/** What stands before the targets, every name looked up. */
export type Part =
  | { readonly kind: "cache"; readonly name: string }
  | { readonly kind: "store"; readonly name: string }
  | { readonly kind: "call"; readonly name: string; readonly call: CallSettings }
  | { readonly kind: "sequence" | "parallel"; readonly parts: readonly Part[] };

type Named = Pick<Scenario, "caches" | "vectorStores" | "pipelines">;

/** The stages before the targets of a class, one for each entry of its path but the last. The path has been checked. */
export function partsOf({ path }: Pick<TrafficClass, "path">, scenario: Named): Part[] {
  return path.slice(0, -1).map((stage) => partOf(stage as Work, scenario));
}

function partOf(work: Work, scenario: Named): Part {
  if (typeof work !== "string") {
    if ("call" in work) return { kind: "call", name: work.name ?? work.call, call: work };
    return { kind: "parallel", parts: work.parallel.map((branch) => branchOf(branch, scenario)) };
  }
  if (Object.hasOwn(scenario.caches, work)) return { kind: "cache", name: work };
  if (Object.hasOwn(scenario.vectorStores, work)) return { kind: "store", name: work };
  return branchOf(scenario.pipelines[work], scenario);
}

function branchOf(branch: Work | readonly Work[], scenario: Named): Part {
  if (!Array.isArray(branch)) return partOf(branch as Work, scenario);
  return { kind: "sequence", parts: (branch as readonly Work[]).map((work) => partOf(work, scenario)) };
}

/** How many parts stand before the targets of a class, those within others included: told without making them, which may be too many. */
export function partCount({ path }: Pick<TrafficClass, "path">, pipelines: Scenario["pipelines"]): number {
  const known = new Map<string, number>();
  const sum = (works: readonly (Work | Work[])[]): number => works.reduce((all, work) => all + countOf(work), 0);
  const countOf = (work: Work | Work[]): number => {
    if (Array.isArray(work)) return 1 + sum(work);
    if (typeof work !== "string") return "call" in work ? 1 : 1 + sum(work.parallel);
    if (!Object.hasOwn(pipelines, work)) return 1;
    const count = known.get(work) ?? 1 + sum(pipelines[work]);
    known.set(work, count);
    return count;
  };
  return sum(path.slice(0, -1) as Work[]);
}

/** The stages of a part that have a name of their own, in order. */
export function namedParts(part: Part): Exclude<Part, { parts: readonly Part[] }>[] {
  return "parts" in part ? part.parts.flatMap(namedParts) : [part];
}

/** Names of all stages before the targets of a class, those of pipelines and of branches included, in order. */
export function stageNames(traffic: Pick<TrafficClass, "path">, scenario: Named): string[] {
  return partsOf(traffic, scenario).flatMap((part) => namedParts(part).map(({ name }) => name));
}

/** What the entries of a path before the last are called, by which rungs of a ladder leave them out; undefined where it has no name. */
export function entryNames(path: readonly Stage[]): (string | undefined)[] {
  return path.slice(0, -1).map((stage) => {
    if (typeof stage === "string") return stage;
    return "call" in stage ? (stage.name ?? stage.call) : undefined;
  });
}

/** Pools and providers that a class calls on the way to its targets, those that embed for its caches included. */
export function calledOnTheWay(traffic: Pick<TrafficClass, "path">, scenario: Named): string[] {
  const named = partsOf(traffic, scenario).flatMap(namedParts);
  return named.flatMap((part) => {
    if (part.kind === "call") return [part.call.call];
    if (part.kind === "store") return [];
    const cache = scenario.caches[part.name];
    return cache.kind === "semantic" && typeof cache.embedding === "string" ? [cache.embedding] : [];
  });
}
