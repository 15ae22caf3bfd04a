import { seconds } from "../base/format.ts";
import type { Scenario } from "../scenario/schema.ts";
import { namesOnPaths } from "./economics/without-cache.ts";

/** What is planned of stores and caches for later than the run, and curves that flatter a cache. */
export function doubtsAboutStages(scenario: Scenario): string[] {
  const { caches, vectorStores, horizon } = scenario;
  const late = (name: string, what: string, moments: readonly number[] = []): string[] => {
    const after = moments.find((at) => at >= horizon);
    return after === undefined ? [] : [`${name}: its ${what} at ${seconds(after)} comes after the run has ended`];
  };
  const ofStores = Object.entries(vectorStores).flatMap(([name, { rebuild, outages, reembed }]) => {
    const rebuilds = late(name, "rebuild", rebuild?.every === undefined ? rebuild?.at : [rebuild.every]);
    return rebuilds.concat(late(name, "outage", outages?.at), late(name, "re-embedding", reembed && [reembed.at]));
  });
  const ofCaches = Object.entries(caches).flatMap(([name, { invalidateAt }]) => late(name, "invalidation", invalidateAt));
  const flattered = Object.entries(caches).flatMap(([name, cache]) =>
    cache.kind === "semantic" && cache.similarity?.upperBound === true
      ? [`${name}: its hits by threshold are an upper bound, measured on questions made to be alike; real traffic has fewer`]
      : [],
  );
  return [...ofStores, ...ofCaches, ...flattered];
}

/** What no path leads to in any of several plans, by what it is called. */
export function unaskedStages(scenarios: readonly Scenario[]): Readonly<Record<"cache" | "vector store" | "pipeline", string[]>> {
  const asked = new Set(
    scenarios.flatMap((scenario) => {
      const names = askedBy(scenario);
      return [...names, ...storesOfCaches(scenario, names)];
    }),
  );
  const unasked = (room: "caches" | "vectorStores" | "pipelines"): string[] =>
    [...new Set(scenarios.flatMap((scenario) => Object.keys(scenario[room])))].filter((name) => !asked.has(name));
  return { cache: unasked("caches"), "vector store": unasked("vectorStores"), pipeline: unasked("pipelines") };
}

/** All that paths name, and what the pipelines among it name in turn. */
function askedBy({ traffic, pipelines }: Scenario): ReadonlySet<string> {
  const names = new Set(namesOnPaths({ traffic, pipelines: {} }));
  // A set goes on to what is added meanwhile.
  for (const name of names) {
    const pipeline = Object.hasOwn(pipelines, name) ? pipelines[name] : [];
    for (const part of namesOnPaths({ traffic: {}, pipelines: { pipeline } })) names.add(part);
  }
  return names;
}

function storesOfCaches({ caches }: Scenario, asked: ReadonlySet<string>): ReadonlySet<string> {
  return new Set(Object.entries(caches).flatMap(([name, cache]) => (cache.kind === "semantic" && asked.has(name) ? [cache.store] : [])));
}
