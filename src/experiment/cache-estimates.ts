import type { Scenario } from "../scenario/schema.ts";
import type { CacheResult } from "./cache-result.ts";
import { estimateAll } from "./estimate.ts";
import { share } from "./ratios.ts";
import type { Summary } from "./summary.ts";

export function cacheResult(summaries: readonly Summary[], name: string, { caches, horizon, warmup }: Scenario): CacheResult {
  const { keys, kind } = caches[name];
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
        entries: withKeys(entrySeconds / (horizon - warmup)),
        evictions: withKeys(evictions),
        expired: withKeys(expired),
        cost_usd_per_month: money.caches[name] + money.embeddings[name],
      };
    }),
  );
}
