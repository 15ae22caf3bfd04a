import { amount, seconds } from "../base/format.ts";
import type { Scenario } from "../scenario/schema.ts";
import type { Point } from "./result.ts";

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

/** Stores whose memory was full: what is not written is not found later, which no request is told. */
export function refusedWrites({ vectorStores }: Pick<Point, "vectorStores">): { kind: string; text: string; weight: number }[] {
  return Object.entries(vectorStores).flatMap(([name, store]) => {
    const { mean } = store.refusedWrites;
    if (mean === 0) return [];
    const text = `${name}: its memory was full for ${amount(mean)} writes a replication, which are lost`;
    return [{ kind: `${name} refused`, text, weight: mean }];
  });
}
