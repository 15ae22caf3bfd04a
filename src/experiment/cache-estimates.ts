import type { Scenario } from "../scenario/schema.ts";
import type { CacheResult } from "./cache-result.ts";
import { estimateAll } from "./estimate.ts";
import { share } from "./ratios.ts";
import { secondsMeasured } from "./spans.ts";
import type { Summary } from "./summary.ts";

export function cacheResult(summaries: readonly Summary[], name: string, scenario: Scenario): CacheResult {
  const { keys, kind } = scenario.caches[name];
  const withKeys = (number: number): number | null => (keys === undefined ? null : number);
  return estimateAll(
    summaries.map(({ meters, money }) => {
      const { lookups, hits, wrong, coalesced, entrySeconds, evictions, expired } = meters.caches[name];
      return {
        lookups,
        hits,
        hitShare: share(hits, lookups),
        wrong: kind === "semantic" ? wrong : null,
        coalesced: withKeys(coalesced),
        entries: withKeys(entrySeconds / secondsMeasured(scenario)),
        evictions: withKeys(evictions),
        expired: withKeys(expired),
        cost_usd_per_month: money.caches[name] + money.embeddings[name],
      };
    }),
  );
}
