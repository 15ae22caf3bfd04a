import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PromptCache, promptCacheSettings } from "../../src/provider/prompt-cache.ts";
import { Attempts } from "../../src/traffic/attempts.ts";
import { begin, callAll, fixed, type SentCall } from "./calls.ts";

type Segments = readonly (readonly [key: number, tokens: number])[];

/** A cache, and what it finds of a prompt that is sent at a moment. */
function cacheOf(settings: Record<string, unknown>) {
  const attempts = new Attempts();
  const cache = new PromptCache(attempts, promptCacheSettings.parse(settings));
  const hit = (now: number, call: SentCall): { cacheable: number; hit: number } => {
    const attempt = attempts.open(0, 0, 0, 0, 1e6, 1);
    begin(attempts, attempt, call);
    const found = { cacheable: cache.cacheable(attempt), hit: cache.hit(now, attempt) };
    cache.keep(now, attempt);
    attempts.close(attempt);
    return found;
  };
  return { cache, hit, hits: (now: number, call: SentCall) => hit(now, call).hit };
}

const system: Segments = [[1, 1500]];
const conversation: Segments = [...system, [2, 300], [3, 200]];

describe("a provider's prompt cache", () => {
  it("finds what was there when a prompt was last taken, and no more", () => {
    const { hits } = cacheOf({});
    expect(hits(0, { chain: system })).toBe(0);
    expect(hits(1, { chain: system })).toBe(1500);
    expect(hits(2, { chain: conversation })).toBe(1500);
    expect(hits(3, { chain: conversation })).toBe(2000);
    expect(hits(4, { chain: [...system, [9, 300], [3, 200]] })).toBe(1500);
    expect(hits(5, { chain: [[7, 1500], ...conversation.slice(1)] })).toBe(0);
    expect(hits(6, {})).toBe(0);
  });

  it("forgets what has not been used for its time to live, which each use begins anew", () => {
    const { hits } = cacheOf({ ttl: "10s" });
    const found = [0, 9, 18, 27.9, 37.9, 38].map((now) => hits(now, { chain: system }));
    expect(found).toEqual([0, 1500, 1500, 1500, 0, 1500]);
  });

  it("keeps the start of a prefix alive by whatever goes on from it, and not the other way round", () => {
    const { hits } = cacheOf({ ttl: "10s" });
    hits(0, { chain: conversation });
    expect(hits(8, { chain: system })).toBe(1500);
    expect(hits(16, { chain: conversation })).toBe(1500);
    expect(hits(25, { chain: conversation })).toBe(2000);
  });

  it("neither keeps nor finds prefixes below the shortest", () => {
    const { hit } = cacheOf({ minPrefix: 1600 });
    for (const now of [0, 1]) expect(hit(now, { chain: system })).toEqual({ cacheable: 0, hit: 0 });
    expect(hit(2, { chain: conversation })).toEqual({ cacheable: 2000, hit: 0 });
    expect(hit(3, { chain: [...system, [5, 500]] })).toEqual({ cacheable: 2000, hit: 0 });
    expect(hit(4, { chain: conversation })).toEqual({ cacheable: 2000, hit: 2000 });
  });

  it("counts in multiples of its step", () => {
    const { hit } = cacheOf({ step: 128 });
    expect(hit(0, { chain: conversation })).toEqual({ cacheable: 1920, hit: 0 });
    expect(hit(1, { chain: [...system, [9, 300]] })).toEqual({ cacheable: 1792, hit: 1408 });
    expect(hit(2, { chain: [...system, [2, 300], [8, 800]] })).toEqual({ cacheable: 2560, hit: 1792 });
  });

  it("holds of a segment as much as the longest prompt had of it", () => {
    const { hits } = cacheOf({ minPrefix: 1 });
    const endless: Segments = [[1, Infinity]];
    const found = [100, 40, 250, 200].map((prefixTokens, now) => hits(now, { chain: endless, prefixTokens }));
    expect(found).toEqual([0, 40, 100, 200]);
  });

  it("agrees with a search through all that was ever sent, and holds nothing that is out of date", () => {
    const call = fc.record({ gap: fc.nat(6), keys: fc.array(fc.nat(2), { maxLength: 4 }) });
    fc.assert(
      fc.property(fc.array(call, { maxLength: 40 }), fc.integer({ min: 1, max: 4 }), (calls, shortest) => {
        const { cache, hits } = cacheOf({ ttl: "10s", minPrefix: 10 * shortest });
        const lastUse = new Map<string, number>();
        let now = 0;
        for (const { gap, keys } of calls) {
          now += gap;
          // A key tells all that stands before it too, as those of prompts do.
          const names = keys.map((_, i) => keys.slice(0, i + 1).join("/"));
          const chain = names.map((name) => [Number(name.replaceAll("/", "")) + 1000 * name.length, 10] as const);
          const alive = names.findIndex((name) => !(now < (lastUse.get(name) ?? -Infinity) + 10));
          const found = 10 * (alive < 0 ? names.length : alive);
          expect(hits(now, { chain })).toBe(found >= 10 * shortest ? found : 0);
          if (names.length >= shortest) for (const name of names) lastUse.set(name, now);
          expect(cache.size).toBe([...lastUse.values()].filter((used) => now < used + 10).length);
        }
      }),
    );
  });

  it("does not grow with time, only with what is used within its time to live", () => {
    const { cache, hits } = cacheOf({ ttl: "10s" });
    for (let now = 0; now < 1000; now++) {
      hits(now, { chain: [[now, 2000]] });
      expect(cache.size).toBeLessThanOrEqual(10);
    }
  });

  it("saves the time to read what it holds, and is billed apart", () => {
    const latency = { ...fixed, perInputToken: "1ms" };
    const calls = [0, 10, 20].map((at) => ({ at, input: 1800, chain: system }));
    const { results, provider } = callAll({ latency, promptCache: { ttl: "15s" } }, [...calls, { at: 50, input: 1800, chain: system }]);
    expect(results.map(({ firstTokenAt }, i) => firstTokenAt - [0, 10, 20, 50][i])).toEqual(
      [2.2, 0.7, 0.7, 2.2].map((time) => expect.closeTo(time, 9) as number),
    );
    expect(provider.bill.billed.base).toEqual({ input: 7200, cached: 3000, written: 3000, output: 200 });
  });
});
