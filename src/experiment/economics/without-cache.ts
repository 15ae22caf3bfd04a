import { mapValues } from "../../base/records.ts";
import { askedTargets } from "../../scenario/clients.ts";
import type { Stage, Work } from "../../scenario/path/stage-settings.ts";
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
    return { ...one, path: one.path.filter((stage) => stage !== name), client: { ...one.client, degrade: Object.fromEntries(rungs) } };
  });
  const rest = { ...scenario, caches: omitted(scenario.caches, name), traffic };
  if (cache.kind === "exact") return rest;
  const { store, embedding } = cache;
  const vectorStores = namesUsed(rest).has(store) ? rest.vectorStores : omitted(rest.vectorStores, store);
  if (typeof embedding !== "string" || namesUsed(rest).has(embedding)) return { ...rest, vectorStores };
  return { ...rest, vectorStores, pools: omitted(rest.pools, embedding), providers: omitted(rest.providers, embedding) };
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
