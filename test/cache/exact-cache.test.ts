import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ExactCache } from "../../src/cache/exact-cache.ts";
import { exactCacheSettings } from "../../src/cache/exact-cache-settings.ts";
import { Streams } from "../../src/kernel/random.ts";
import { Simulation } from "../../src/kernel/simulation.ts";

const cache = (settings: Record<string, unknown>, name = "answers", simulation = new Simulation()): ExactCache => {
  const given = exactCacheSettings.parse({ kind: "exact", ...settings });
  return new ExactCache(name, given, simulation, new Streams(1, 0), { warmup: 0, horizon: 1e9, window: 1e9 }, () => {});
};

const hitsOf = (of: ExactCache, count: number): number[] =>
  Array.from({ length: count }, (_, i) => i).filter((ordinal) => of.lookUp(ordinal, 0, 0));

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
        for (const ordinal of ordinals) expect(of.lookUp(ordinal, 0, 0)).toBe(all.has(ordinal));
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

/** Probability of each key under Zipf's law. */
function popularity(exponent: number, count: number): number[] {
  const weights = Array.from({ length: count }, (_, i) => (i + 1) ** -exponent);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** Hit rate of an LRU cache by Che's approximation: a key is there when it was asked for within the characteristic time. */
function che(popularities: readonly number[], capacity: number): number {
  const held = (time: number): number => popularities.reduce((sum, p) => sum + 1 - Math.exp(-p * time), 0);
  let [low, high] = [0, 1];
  while (held(high) < capacity) high *= 2;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (held(middle) < capacity) low = middle;
    else high = middle;
  }
  return popularities.reduce((sum, p) => sum + p * (1 - Math.exp(-p * low)), 0);
}

describe("an exact cache of keys", () => {
  const requests = 150_000;
  const cold = 30_000;

  /** Hit rate once warm, where each answer is there at once. @param gap seconds before each request */
  function hitRateOf(settings: Record<string, unknown>, gap: (random: () => number) => number): number {
    const simulation = new Simulation();
    const of = cache(settings, "answers", simulation);
    const random = new Streams(2, 0).sequence("gaps");
    let before = 0;
    for (let number = 0; number < requests; number++) {
      if (number === cold) before = of.hits;
      simulation.run(simulation.now + gap(() => random.uniform()));
      if (!of.lookUp(number, 0, 0)) of.settle(number, 0, 0, true);
    }
    return (of.hits - before) / (requests - cold);
  }

  const grid = [0.6, 0.9, 1.05, 1.4].flatMap((exponent) => [50, 300, 1500].map((capacity) => [capacity, exponent] as const));
  it.each(grid)(
    "with room for %d, asked by Zipf's law with exponent %d, hits as often as Che's approximation says",
    (capacity, exponent) => {
      const found = hitRateOf({ capacity, keys: { zipf: { exponent, count: 3000 } } }, () => 1);
      expect(Math.abs(found - che(popularity(exponent, 3000), capacity))).toBeLessThan(0.01);
    },
  );

  it.each([20, 200, 2000])("with a time to live of %d s hits as often as a renewal since each storing says", (ttl) => {
    const found = hitRateOf({ ttl: `${ttl}s`, keys: { zipf: { exponent: 0.9, count: 500 } } }, (random) => -Math.log(1 - random()));
    const expected = popularity(0.9, 500).reduce((sum, p) => sum + (p * p * ttl) / (1 + p * ttl), 0);
    expect(Math.abs(found - expected)).toBeLessThan(0.01);
  });

  it("keeps nothing before an answer is there, nothing of a request in vain, and nothing of what may not be cached", () => {
    const all = { keys: { zipf: { exponent: 1, count: 1 } } };
    const of = cache(all);
    of.lookUp(0, 0, 0);
    expect(of.lookUp(1, 0, 0)).toBe(false);
    of.settle(0, 0, 0, false);
    expect(of.lookUp(2, 0, 0)).toBe(false);
    of.settle(1, 0, 0, true);
    expect(of.lookUp(3, 0, 0)).toBe(true);
    const none = cache({ ...all, deterministicShare: "0%" });
    none.lookUp(0, 0, 0);
    none.settle(0, 0, 0, true);
    expect(none.lookUp(1, 0, 0)).toBe(false);
    expect([of.lookups, of.hits, none.hits]).toEqual([4, 1, 0]);
  });

  it("answers from the deterministic share alone", () => {
    const found = hitRateOf({ deterministicShare: "30%", keys: { zipf: { exponent: 1, count: 5 } } }, () => 1);
    expect(Math.abs(found - 0.3)).toBeLessThan(0.01);
  });

  it("holds the same in the end in whatever order its requests come", () => {
    const settings = { keys: { zipf: { exponent: 1, count: 100 } }, deterministicShare: "70%" };
    const held = (numbers: readonly number[]): number | undefined => {
      const of = cache(settings);
      for (const number of numbers) of.settle(number, 0, 0, true);
      return of.entries?.level.value;
    };
    const numbers = Array.from({ length: 80 }, (_, i) => i);
    fc.assert(
      fc.property(fc.shuffledSubarray(numbers, { minLength: 80 }), (shuffled) => {
        expect(held(shuffled)).toBe(held(numbers));
      }),
    );
  });

  it("is empty after each invalidation", () => {
    const simulation = new Simulation();
    const of = cache({ keys: { zipf: { exponent: 1, count: 1 } }, invalidateAt: ["10s", "30s"] }, "answers", simulation);
    const found = [0, 9, 10, 29, 30, 40].map((at, number) => {
      simulation.run(at);
      const hit = of.lookUp(number, 0, 0);
      if (!hit) of.settle(number, 0, 0, true);
      return hit;
    });
    expect(found).toEqual([false, true, false, true, false, true]);
  });
});
