import { amount, seconds } from "../base/format.ts";
import type { Scenario } from "../scenario/schema.ts";
import { namesOnPaths } from "./economics/without-cache.ts";
import type { Point } from "./result.ts";

/** What is planned of stores and caches for later than the run, and what is said of a store that only counts where paths name it. */
export function doubtsAboutStages(scenario: Scenario): string[] {
  const { caches, vectorStores, horizon } = scenario;
  const late = (name: string, what: string, moments: readonly number[] = []): string[] => {
    const after = moments.find((at) => at >= horizon);
    return after === undefined ? [] : [`${name}: its ${what} at ${seconds(after)} comes after the run has ended`];
  };
  const ofStores = Object.entries(vectorStores).flatMap(([name, { rebuild, outages, reembed }]) => {
    const rebuilds = rebuild?.every === undefined ? rebuild?.at : [rebuild.every];
    const found = [late(name, "rebuild", rebuilds), late(name, "outage", outages?.at), late(name, "re-embedding", reembed && [reembed.at])];
    return found.flat();
  });
  const ofCaches = Object.entries(caches).flatMap(([name, { invalidateAt }]) => late(name, "invalidation", invalidateAt));
  return [...ofStores, ...ofCaches, ...doubtsAboutCachesStores(scenario)];
}

/** A look-up in a semantic cache has a time budget of its own, and whatever goes wrong with it is a miss. */
function doubtsAboutCachesStores(scenario: Scenario): string[] {
  const asked = askedBy(scenario);
  const ofCaches = storesOfCaches(scenario, asked);
  return Object.entries(scenario.vectorStores).flatMap(([name, store]) => {
    if (asked.has(name) || !ofCaches.has(name)) return [];
    const { timeout, onFailure, retry, breaker, penalty, promptTokens } = store;
    const given = Object.entries({
      timeout: timeout !== undefined,
      onFailure: onFailure !== "fail",
      retry: retry.attempts > 1,
      breaker: breaker !== undefined,
      penalty: penalty > 0,
      promptTokens: promptTokens > 0,
    }).flatMap(([key, isGiven]) => (isGiven ? [key] : []));
    if (given.length === 0) return [];
    const verb = given.length === 1 ? "changes" : "change";
    return [`${name}: its ${given.join(", ")} ${verb} nothing, since only caches read it, whose failed look-ups are misses`];
  });
}

/** Stores whose memory was full: what is not written is not found later, which no request is told. */
export function refusedWrites({ vectorStores }: Pick<Point, "vectorStores">): { kind: string; text: string; weight: number }[] {
  return Object.entries(vectorStores).flatMap(
    ([
      name,
      {
        refusedWrites: { mean },
      },
    ]) => {
      if (mean === 0) return [];
      const text = `${name}: its memory was full for ${amount(mean)} writes a replication, which are lost`;
      return [{ kind: `${name} refused`, text, weight: mean }];
    },
  );
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
