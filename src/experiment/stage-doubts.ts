import { amount, seconds } from "../base/format.ts";
import { stageNames } from "../scenario/path/parts.ts";
import type { Scenario } from "../scenario/schema.ts";
import type { Point } from "./result.ts";

/** What is planned of stores and caches for later than the run, curves that flatter a cache, and stores without a price. */
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
  const unpriced = Object.entries(vectorStores).flatMap(([name, { perReplicaHour }]) =>
    perReplicaHour === 0 ? [`${name}: the vector store has no price, so its replicas cost nothing here`] : [],
  );
  return [...ofStores, ...ofCaches, ...flattered, ...doubtsAboutLookedUp(scenario), ...unpriced];
}

/** A look-up has the time of its cache and is tried once, so that what a store is as a stage of a path says nothing of it. */
function doubtsAboutLookedUp({ traffic, caches, vectorStores, pipelines }: Scenario): string[] {
  const onPaths = new Set(Object.values(traffic).flatMap((one) => stageNames(one, { caches, vectorStores, pipelines })));
  const ofCaches = Object.values(caches).flatMap((cache) => (cache.kind === "semantic" ? [cache.store] : []));
  return [...new Set(ofCaches)].flatMap((name) => {
    if (onPaths.has(name)) return [];
    const { timeout, onFailure, retry, breaker, penalty, promptTokens } = vectorStores[name];
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
  return Object.entries(vectorStores).flatMap(([name, store]) => {
    const { mean } = store.refusedWrites;
    if (mean === 0) return [];
    const text = `${name}: its memory was full for ${amount(mean)} writes a replication, which are lost`;
    return [{ kind: `${name} refused`, text, weight: mean }];
  });
}
