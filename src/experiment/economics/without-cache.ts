import { mapValues } from "../../base/records.ts";
import { askedTargets } from "../../scenario/clients.ts";
import type { Stage, Work } from "../../scenario/path.ts";
import type { Scenario } from "../../scenario/schema.ts";

/** The scenario without a response cache, and without what served only it: its vector store, and the pool or provider that embeds for it. */
export function withoutCache(scenario: Scenario, name: string): Scenario {
  const cache = scenario.caches[name];
  const traffic = mapValues(scenario.traffic, (one) => {
    const rungs = Object.entries(one.client.degrade).flatMap(([rung, given]) => {
      const skip = given.skip?.filter((stage) => stage !== name);
      const rest = { ...given, skip: skip?.length === 0 ? undefined : skip };
      const changesNothing = (rest.skip ?? rest.first ?? rest.maxOutput ?? rest.canned) === undefined;
      return changesNothing ? [] : [[rung, rest] as const];
    });
    return { ...one, path: withoutStage(one.path, name), client: { ...one.client, degrade: Object.fromEntries(rungs) } };
  });
  const pipelines = mapValues(scenario.pipelines, (stages) => withoutStage(stages, name));
  const rest = { ...scenario, caches: omitted(scenario.caches, name), traffic, pipelines };
  if (cache.kind === "exact") return rest;
  const { store, embedding } = cache;
  const vectorStores = namesUsed(rest).has(store) ? rest.vectorStores : omitted(rest.vectorStores, store);
  if (typeof embedding !== "string" || namesUsed(rest).has(embedding)) return { ...rest, vectorStores };
  return { ...rest, vectorStores, pools: omitted(rest.pools, embedding), providers: omitted(rest.providers, embedding) };
}

/** Stages in order without those of that name, and without branches of which nothing is left. */
function withoutStage<T extends Stage | Work>(stages: readonly T[], name: string): T[] {
  return stages.flatMap((stage): T[] => {
    if (stage === name) return [];
    if (typeof stage !== "object" || !("parallel" in stage)) return [stage];
    const branches = stage.parallel
      .map((branch) => withoutStage(Array.isArray(branch) ? branch : [branch], name))
      .filter((branch) => branch.length > 0);
    if (branches.length < 2) return branches.flat() as T[];
    return [{ parallel: branches.map((branch) => (branch.length === 1 ? branch[0] : branch)) } as T];
  });
}

/** Every name that a path, a pipeline, a rung, a cache or a pool makes use of. */
function namesUsed({ traffic, pipelines, caches, pools }: Scenario): ReadonlySet<string> {
  const ofCaches = Object.values(caches).flatMap((cache) =>
    cache.kind === "exact" ? [] : [cache.store, cache.embedding].filter((one) => typeof one === "string"),
  );
  const ofPools = Object.values(pools).flatMap(({ prefill }) => (prefill === undefined ? [] : [prefill.pool]));
  return new Set([...namesOnPaths({ traffic, pipelines }), ...ofCaches, ...ofPools]);
}

/** Every name that a path, a pipeline or a rung makes use of. */
export function namesOnPaths({ traffic, pipelines }: Pick<Scenario, "traffic" | "pipelines">): ReadonlySet<string> {
  const ofTraffic = Object.values(traffic).flatMap((one) => namesIn(one.path).concat(askedTargets(one)));
  return new Set([...ofTraffic, ...Object.values(pipelines).flatMap(namesIn)]);
}

/** Whether a path comes to the stage, be it in a pipeline. */
export function passes(path: readonly (Stage | Work)[], name: string, { pipelines }: Pick<Scenario, "pipelines">): boolean {
  const names = namesIn(path);
  return names.includes(name) || names.some((one) => Object.hasOwn(pipelines, one) && passes(pipelines[one], name, { pipelines }));
}

function namesIn(stages: readonly (Stage | Work)[]): string[] {
  return stages.flatMap((stage) => {
    if (typeof stage === "string") return [stage];
    if ("call" in stage) return [stage.call];
    return "parallel" in stage ? stage.parallel.flatMap((branch) => namesIn(Array.isArray(branch) ? branch : [branch])) : [];
  });
}

function omitted<T>(record: Readonly<Record<string, T>>, name: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
}
