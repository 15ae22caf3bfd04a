import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ExactCache, exactCacheSettings } from "../../src/cache/exact-cache.ts";
import { Streams } from "../../src/kernel/random.ts";

const cache = (settings: Record<string, unknown>, name = "answers", seed = 1): ExactCache =>
  new ExactCache(name, exactCacheSettings.parse({ kind: "exact", ...settings }), new Streams(seed, 0));

const hitsOf = (of: ExactCache, count: number): number[] =>
  Array.from({ length: count }, (_, i) => i).filter((ordinal) => of.lookUp(ordinal, 0));

describe("an exact cache", () => {
  it.each([
    ["30%", "100%", 0.3],
    ["40%", "50%", 0.2],
    ["0%", "100%", 0],
    ["100%", "100%", 1],
    ["100%", "0%", 0],
  ])("with a hit rate of %s on the %s that may be cached answers a share of %d", (hitRate, deterministicShare, expected) => {
    const count = 40_000;
    const of = cache({ hitRate, deterministicShare });
    const { length } = hitsOf(of, count);
    expect(Math.abs(length / count - expected)).toBeLessThanOrEqual(5 * Math.sqrt((expected * (1 - expected)) / count));
    expect([of.lookups, of.hits]).toEqual([count, length]);
  });

  it("answers the same requests in whatever order they come", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(Array.from({ length: 200 }, (_, i) => i)), (ordinals) => {
        const all = new Set(hitsOf(cache({ hitRate: "30%" }), 200));
        const of = cache({ hitRate: "30%" });
        for (const ordinal of ordinals) expect(of.lookUp(ordinal, 0)).toBe(all.has(ordinal));
      }),
    );
  });

  it("with a higher hit rate still answers all that it answered with a lower one", () => {
    const more = new Set(hitsOf(cache({ hitRate: "50%" }), 5000));
    for (const ordinal of hitsOf(cache({ hitRate: "30%" }), 5000)) expect(more.has(ordinal)).toBe(true);
  });

  it("answers other requests than a cache of another name", () => {
    const count = 20_000;
    const both = new Set(hitsOf(cache({ hitRate: "50%" }, "similar"), count));
    const common = hitsOf(cache({ hitRate: "50%" }), count).filter((ordinal) => both.has(ordinal)).length;
    expect(Math.abs(common / count - 0.25)).toBeLessThan(0.02);
  });
});
