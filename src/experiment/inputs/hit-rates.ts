import type { Scenario } from "../../scenario/schema.ts";
import { changed } from "./chosen.ts";

type Cache = Scenario["caches"][string];

/** So many times the hit rates that are given, capped at 100 %, of all caches unless named; those that are outcomes stay so. @param factor at least 0 */
export function scaledHitRates(scenario: Scenario, factor: number, caches?: readonly string[]): Scenario {
  return { ...scenario, caches: changed(scenario.caches, caches, (cache) => scaledCache(cache, factor)) };
}

function scaledCache(cache: Cache, factor: number): Cache {
  const { hitRate } = cache;
  if (hitRate === undefined) return cache;
  const scaled = Math.min(1, hitRate * factor);
  if (cache.kind === "exact") return { ...cache, hitRate: scaled };
  // As large a part of the hits is wrong as before.
  const { wrongHitRate } = cache;
  const wrong = wrongHitRate === undefined || hitRate === 0 ? wrongHitRate : Math.min(scaled, wrongHitRate * (scaled / hitRate));
  return { ...cache, hitRate: scaled, wrongHitRate: wrong };
}
