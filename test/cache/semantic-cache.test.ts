import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SemanticCache, type SemanticVerdict } from "../../src/cache/semantic-cache.ts";
import { semanticCacheSettings } from "../../src/cache/semantic-cache-settings.ts";
import { Streams } from "../../src/kernel/random.ts";
import { Simulation } from "../../src/kernel/simulation.ts";

const similarity = {
  points: [
    { threshold: 0.9, hits: "20%", wrong: "1%" },
    { threshold: 0.8, hits: "60%", wrong: "6%" },
    { threshold: 0.5, hits: "90%", wrong: "30%" },
  ],
};

function cache(settings: Record<string, unknown>, simulation = new Simulation(), seed = 1): SemanticCache {
  const given = semanticCacheSettings.parse({
    kind: "semantic",
    embedding: { latency: { constant: "1ms" } },
    store: "questions",
    threshold: 0.8,
    ...(settings["hitRate"] === undefined ? { similarity } : {}),
    ...settings,
  });
  return new SemanticCache("similar", given, simulation, new Streams(seed, 0), { warmup: 0, horizon: 1e9, window: 1e9 });
}

const zipf = (exponent: number, count: number) => ({ keys: { zipf: { exponent, count } } });

/** What each of so many requests meets, where every answer is there at once. */
function verdicts(of: SemanticCache, count: number): SemanticVerdict[] {
  return Array.from({ length: count }, (_, number) => {
    const verdict = of.lookUp(number, 0, 0);
    if (verdict === "miss") of.settle(number, 0, 0, true);
    return verdict;
  });
}

const tally = (all: readonly SemanticVerdict[], ...which: SemanticVerdict[]): number => all.filter((one) => which.includes(one)).length;
const share = (all: readonly SemanticVerdict[], ...which: SemanticVerdict[]): number => tally(all, ...which) / all.length;

const within = (found: number, expected: number, count: number): void =>
  expect(Math.abs(found - expected)).toBeLessThanOrEqual(5 * Math.sqrt((expected * (1 - expected)) / count));

describe("a semantic cache", () => {
  it.each([
    [{ threshold: 0.8 }, 0.6, 0.06],
    [{ threshold: 0.85 }, 0.4, 0.035],
    [{ threshold: 0.95 }, 0.1, 0.005],
    [{ threshold: 0.5, deterministicShare: "40%" }, 0.36, 0.12],
    [{ hitRate: "12%", wrongHitRate: "0.6%" }, 0.12, 0.006],
    [{ hitRate: "12%", wrongHitRate: "12%" }, 0.12, 0.12],
    [{ hitRate: "0%" }, 0, 0],
    [{ similarity, hitRate: "10%", wrongHitRate: "1%", measuredAt: 0.9 }, 0.3, 0.06],
  ])("with %j has the shares of hits and of wrong hits that it is told", (settings, hits, wrong) => {
    const count = 40_000;
    const of = cache(settings);
    const all = verdicts(of, count);
    within(share(all, "hit", "wrong"), hits, count);
    within(share(all, "wrong"), wrong, count);
    expect([of.lookups, of.hits, of.wrong]).toEqual([count, tally(all, "hit", "wrong"), tally(all, "wrong")]);
    expect([of.lookupsOverTime.total(), of.hitsOverTime.total()]).toEqual([of.lookups, of.hits]);
  });

  it("finds nothing at a threshold of 1, even a question that is kept", () => {
    const of = cache({ threshold: 1, ...zipf(1, 1) });
    expect(share(verdicts(of, 2000), "miss")).toBe(1);
    expect(of.entries?.level.value).toBe(1);
  });

  const more = [{}, zipf(1, 200), { ...zipf(1, 200), deterministicShare: "60%" }];
  it.each(more)("with %j and a lower threshold answers all that a higher one does", (settings) => {
    const threshold = fc.double({ min: 0.5, max: 1, noNaN: true });
    fc.assert(
      fc.property(threshold, threshold, fc.nat(1000), (a, b, seed) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)].map((one) =>
          verdicts(cache({ ...settings, threshold: one }, undefined, seed), 300),
        );
        high.forEach((verdict, i) => {
          if (verdict !== "miss") expect(low[i]).not.toBe("miss");
        });
      }),
      { numRuns: 50 },
    );
  });

  it("counts a look-up that was given up as one that found nothing", () => {
    const of = cache({ hitRate: "100%" });
    of.gaveUp();
    expect([of.lookups, of.hits, of.lookupsOverTime.total()]).toEqual([1, 0, 1]);
    expect(of.entries).toBe(undefined);
  });

  it("has its store written by every answer to a miss that may be cached, where no keys say what is kept", () => {
    const all = cache({ hitRate: "0%" });
    expect([all.settle(0, 0, 0, true), all.settle(0, 0, 0, true), all.settle(1, 0, 0, false)]).toEqual([true, true, false]);
    const written = (of: SemanticCache): number =>
      Array.from({ length: 20_000 }, (_, i) => of.settle(i, 0, 0, true)).filter(Boolean).length;
    within(written(cache({ hitRate: "0%", deterministicShare: "30%" })) / 20_000, 0.3, 20_000);
  });
});

describe("a semantic cache of keys", () => {
  it.each([
    [0.8, 100, "70%", 0.5],
    [1.05, 1000, "40%", 1],
    [0, 50, "100%", 1],
  ])(
    "grows from empty: asked by Zipf's law with exponent %d over %d questions it hits %s of those asked before, of a share of %d",
    (exponent, count, hitRate, deterministicShare) => {
      const asked = 500;
      const rounds = 200;
      const weights = Array.from({ length: count }, (_, i) => (i + 1) ** -exponent);
      const sum = weights.reduce((total, weight) => total + weight, 0);
      // A question is kept once any request that may be cached has asked it, so the n-th hits with p (1 - (1 - s p)^(n - 1)).
      const expected = weights.reduce((total, weight) => {
        const p = weight / sum;
        const never = (1 - (1 - deterministicShare * p) ** asked) / (deterministicShare * p);
        return total + p * (asked - never);
      }, 0);
      const found = Array.from({ length: rounds }, (_, seed) => {
        const of = cache({ hitRate, wrongHitRate: "10%", deterministicShare, ...zipf(exponent, count) }, undefined, seed + 1);
        verdicts(of, asked);
        return [of.hits, of.wrong];
      });
      const mean = (which: number): number => found.reduce((total, one) => total + one[which], 0) / rounds;
      const rate = Number.parseFloat(hitRate) / 100;
      const hits = rate * deterministicShare * expected;
      expect(Math.abs(mean(0) / hits - 1)).toBeLessThan(0.02);
      expect(Math.abs(mean(1) / (hits * (0.1 / rate)) - 1)).toBeLessThan(0.06);
    },
  );

  it("has its store written once for each question, however often that misses", () => {
    const of = cache({ hitRate: "50%", ...zipf(0, 30) });
    const written = Array.from({ length: 3000 }, (_, i) => of.lookUp(i, 0, 0) === "miss" && of.settle(i, 0, 0, true)).filter(
      Boolean,
    ).length;
    expect([written, of.entries?.level.value]).toEqual([30, 30]);
  });

  it("with room for some hits as often as one that draws none of those it has dropped, and writes a dropped question again", () => {
    // All alike: a question is among the last 10 different of 40 with a chance of 10 in 40.
    const of = cache({ hitRate: "100%", capacity: 10, ...zipf(0, 40) });
    const count = 40_000;
    within(share(verdicts(of, count), "hit"), 0.25, count / 4);
    expect(of.entries?.level.value).toBe(10);
    expect(of.entries?.evictions).toBe(count - of.hits - 10);
  });

  it("forgets after its time to live and at each invalidation", () => {
    const simulation = new Simulation();
    const of = cache({ hitRate: "100%", ttl: "20s", invalidateAt: ["50s"], ...zipf(1, 1) }, simulation);
    const found = [0, 19, 20, 39, 40, 49, 50, 51].map((at, number) => {
      simulation.run(at);
      const verdict = of.lookUp(number, 0, 0);
      if (verdict === "miss") of.settle(number, 0, 0, true);
      return verdict;
    });
    expect(found).toEqual(["miss", "hit", "miss", "hit", "miss", "hit", "miss", "hit"]);
  });

  it("of a trace hits the questions that were answered before, however many there are", () => {
    const of = cache({ hitRate: "100%", keys: { trace: "hashes" } });
    const asked = [1, 5, 1, 100_000, 5, 100_000, 99_999, 100_001];
    const found = asked.map((question, number) => {
      const verdict = of.lookUp(number, 0, question);
      return verdict === "miss" ? of.settle(number, 0, question, true) : verdict;
    });
    expect(found).toEqual([true, true, "hit", true, "hit", "hit", true, true]);
  });
});
