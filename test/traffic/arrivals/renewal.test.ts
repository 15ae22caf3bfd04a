import { describe, expect, it } from "vitest";
import { dispersion, gapCv, mean } from "../../../data/traffic-statistics.ts";
import { Streams } from "../../../src/kernel/random.ts";
import { renewalArrivals } from "../../../src/traffic/arrivals/renewal.ts";

function times(rate: number, cv: number, count: number, seed = 1): Float64Array {
  const arrivals = renewalArrivals(rate, cv, new Streams(seed, 0).sequence("arrivals"));
  return Float64Array.from({ length: count }, () => {
    arrivals.advance();
    return arrivals.time;
  });
}

function countUntil(horizon: number, rate: number, cv: number, seed: number): number {
  const arrivals = renewalArrivals(rate, cv, new Streams(seed, 0).sequence("arrivals"));
  let count = 0;
  while (arrivals.advance() && arrivals.time < horizon) count++;
  return count;
}

describe("renewal arrivals", () => {
  const count = 200_000;

  it.each([0.3, 1, 2.5])("with a coefficient of variation of %f have the rate and the variation they were given", (cv) => {
    const moments = times(8, cv, count);
    // Five standard errors of the mean gap; the variation of a gamma's tail is known less well.
    expect(Math.abs(count / moments.at(-1)! / 8 - 1)).toBeLessThan((5 * cv) / Math.sqrt(count));
    expect(Math.abs(gapCv(moments) / cv - 1)).toBeLessThan(0.03);
  });

  it("without variation come as a clock ticks", () => {
    const moments = times(4, 0, 1000);
    expect([...moments]).toEqual(Array.from(moments, (_, i) => (i + 1) / 4));
  });

  it("of Poisson have gaps without memory: the shares beyond one, two and three means are powers of e", () => {
    const moments = times(1, 1, count);
    const gaps = Array.from(moments.subarray(1), (time, i) => time - moments[i]);
    for (const bound of [1, 2, 3]) {
      const share = Math.exp(-bound);
      const found = gaps.filter((gap) => gap > bound).length / gaps.length;
      expect(Math.abs(found - share)).toBeLessThan(5 * Math.sqrt((share * (1 - share)) / gaps.length));
    }
  });

  it.each([
    [1, 1],
    [10, 1],
    [200, 0.5],
    [400, 2],
    [2000, 3],
  ])("counted over %f s have an index of dispersion that is the square of a variation of %f", (window, cv) => {
    const moments = times(2, cv, 400_000);
    const windows = Math.floor(moments.at(-1)! / window);
    // A variance from n windows is known to sqrt(2 / n) of itself.
    expect(Math.abs(dispersion(moments, window) / (cv * cv) - 1)).toBeLessThan(0.05 + 4 * Math.sqrt(2 / windows));
  });

  it.each([0.5, 1, 3, 8])("with a variation of %f are as many from the first second on as the rate says", (cv) => {
    const runs = Array.from({ length: 4000 }, (_, seed) => countUntil(20, 2, cv, seed));
    const centre = mean(runs);
    const error = Math.sqrt(mean(runs.map((run) => (run - centre) ** 2)) / runs.length);
    expect(Math.abs(centre - 40)).toBeLessThan(4 * error);
  });

  it("do not know their token counts", () => {
    const arrivals = renewalArrivals(1, 1, new Streams(1, 0).sequence("arrivals"));
    arrivals.advance();
    expect([arrivals.inputTokens, arrivals.outputTokens]).toEqual([0, 0]);
  });
});
