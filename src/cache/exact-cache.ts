import * as z from "zod";
import { duration, money, settings, share } from "../base/settings.ts";
import type { KeyedRandom, Streams } from "../kernel/random.ts";

export const exactCacheSettings = settings({
  kind: z.literal("exact"),
  hitRate: share().describe("share of the eligible requests whose answer is found"),
  deterministicShare: share().prefault("100%").describe("share of the requests that may be answered from a cache at all"),
  latency: duration().prefault("0s").describe("time of a look-up, hit or miss"),
  perHour: money().prefault("$0").describe("price of the cache's own nodes"),
});

export type ExactCacheSettings = z.infer<typeof exactCacheSettings>;

/** A response cache by hit rate. Whether a request hits depends on its class and number alone, so every policy meets the same hits. */
export class ExactCache {
  readonly name: string;
  readonly latency: number;
  lookups = 0;
  hits = 0;
  private readonly eligibleHitRate: number;
  private readonly random: KeyedRandom;

  constructor(name: string, given: ExactCacheSettings, streams: Streams) {
    this.name = name;
    this.latency = given.latency;
    this.eligibleHitRate = given.hitRate * given.deterministicShare;
    this.random = streams.keyed(`caches.${name}`);
  }

  lookUp(number: number, salt: number): boolean {
    this.lookups++;
    const hit = this.random.of(number, 0, salt).uniform() < this.eligibleHitRate;
    if (hit) this.hits++;
    return hit;
  }
}
