import { describe, expect, it } from "vitest";
import * as z from "zod";
import { duration } from "../../src/base/settings.ts";
import { createDistribution, distribution, type DistributionSettings } from "../../src/kernel/distributions/registry.ts";
import { percentile } from "../../src/kernel/percentile.ts";
import { Streams } from "../../src/kernel/random.ts";

const count = 200_000;

function sample(settings: DistributionSettings): Float64Array {
  const random = new Streams(5, 0).sequence("draws");
  const law = createDistribution(settings);
  return Float64Array.from({ length: count }, () => law.sample(random)).sort();
}

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function cv(values: Float64Array): number {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / values.length) / centre;
}

describe("distributions by their moments", () => {
  it.each([
    ["exponential", { exponential: { mean: 3 } }, 3, 1],
    ["gamma below one", { gamma: { mean: 3, cv: 0.5 } }, 3, 0.5],
    ["gamma in bursts", { gamma: { mean: 3, cv: 2 } }, 3, 2],
    ["lognormal", { lognormal: { mean: 3, cv: 0.8 } }, 3, 0.8],
    ["steep Weibull", { weibull: { mean: 3, cv: 0.3 } }, 3, 0.3],
    ["flat Weibull", { weibull: { mean: 3, cv: 1.5 } }, 3, 1.5],
    ["empirical", { empirical: [1, 2, 6] }, 3, Math.sqrt(14 / 3) / 3],
  ])("%s has the mean and the variation it was given", (_, settings, expectedMean, expectedCv) => {
    const values = sample(settings);
    // Five standard errors of a mean, and a like margin for the variation.
    expect(Math.abs(mean(values) / expectedMean - 1)).toBeLessThan((5 * expectedCv) / Math.sqrt(count));
    expect(Math.abs(cv(values) / expectedCv - 1)).toBeLessThan(0.03);
    expect(createDistribution(settings).mean).toBeCloseTo(expectedMean, 9);
  });
});

describe("distributions by their quantiles", () => {
  it.each([
    ["exponential", { exponential: { mean: 3 } }, (p: number) => -3 * Math.log(1 - p)],
    ["Weibull of shape 1", { weibull: { mean: 3, cv: 1 } }, (p: number) => -3 * Math.log(1 - p)],
    ["gamma of shape 1", { gamma: { mean: 3, cv: 1 } }, (p: number) => -3 * Math.log(1 - p)],
    // The Rayleigh distribution has shape 2 and a variation of sqrt(4/π − 1).
    [
      "Weibull of shape 2",
      { weibull: { mean: Math.sqrt(Math.PI) / 2, cv: Math.sqrt(4 / Math.PI - 1) } },
      (p: number) => Math.sqrt(-Math.log(1 - p)),
    ],
  ])("%s has those of the closed form", (_, settings, quantile) => {
    const values = sample(settings);
    for (const p of [0.1, 0.5, 0.9, 0.99]) expect(Math.abs(percentile(values, p)! / quantile(p) - 1)).toBeLessThan(0.03);
  });

  it("lognormal by two percentiles has these percentiles, and the mean they imply", () => {
    const settings = { lognormal: { p50: 0.45, p99: 2.5 } };
    const values = sample(settings);
    expect(percentile(values, 0.5)! / 0.45).toBeCloseTo(1, 1.7);
    expect(percentile(values, 0.99)! / 2.5).toBeCloseTo(1, 1.3);
    const sigma = Math.log(2.5 / 0.45) / 2.3263478740408408;
    expect(createDistribution(settings).mean).toBeCloseTo(0.45 * Math.exp(sigma ** 2 / 2), 6);
  });

  it("lognormal without variation is constant", () => {
    const values = sample({ lognormal: { mean: 4, cv: 0 } });
    expect(values[0]).toBeCloseTo(4, 12);
    expect(values.at(-1)).toBeCloseTo(4, 12);
  });

  it("lognormal with two equal percentiles is constant", () => {
    const values = sample({ lognormal: { p50: 2, p95: 2 } });
    expect([values[0], values.at(-1)]).toEqual([2, 2]);
  });
});

describe("a mixture", () => {
  it("draws from its parts by weight, which need not add up to one", () => {
    const settings = {
      mixture: [
        { weight: 3, of: { constant: 10 } },
        { weight: 1, of: { exponential: { mean: 2 } } },
      ],
    };
    const values = sample(settings);
    const tens = values.filter((value) => value === 10).length;
    expect(Math.abs(tens / count - 0.75)).toBeLessThan(0.005);
    expect(createDistribution(settings as unknown as DistributionSettings).mean).toBe(8);
  });
});

describe("bounds", () => {
  it("move what lies beyond them onto themselves", () => {
    const values = sample({ exponential: { mean: 3 }, min: 1, max: 5 });
    expect([values[0], values.at(-1)]).toEqual([1, 5]);
    const share = (test: (value: number) => boolean): number => values.filter(test).length / count;
    expect(share((value) => value === 1)).toBeCloseTo(1 - Math.exp(-1 / 3), 2);
    expect(share((value) => value === 5)).toBeCloseTo(Math.exp(-5 / 3), 2);
  });
});

describe("the settings of a distribution", () => {
  const schema = distribution(duration());
  it.each([
    ["constant", { constant: "40s" }, { constant: 40 }],
    ["mean and cv", { lognormal: { mean: "2s", cv: 1.2 }, max: "1m" }, { lognormal: { mean: 2, cv: 1.2 }, max: 60 }],
    ["percentiles", { lognormal: { p50: "450ms", p99: "2.5s" } }, { lognormal: { p50: 0.45, p99: 2.5 } }],
    [
      "a mixture of a mixture",
      { mixture: [{ weight: 1, of: { mixture: [{ weight: 2, of: { constant: "1s" } }] } }] },
      { mixture: [{ weight: 1, of: { mixture: [{ weight: 2, of: { constant: 1 } }] } }] },
    ],
  ])("read %s with units", (_, written, decoded) => {
    expect(schema.parse(written)).toEqual(decoded);
  });

  it.each([
    ["two kinds", { constant: "1s", exponential: { mean: "1s" } }],
    ["no kind", { max: "1s" }],
    ["an unknown key", { exponential: { mean: "1s", sigma: 2 } }],
    ["a bare number", { constant: 40 }],
    ["one percentile", { lognormal: { p50: "1s" } }],
    ["percentiles that fall", { lognormal: { p50: "2s", p99: "1s" } }],
    ["mean beside percentiles", { lognormal: { mean: "1s", cv: 1, p50: "1s", p99: "2s" } }],
    ["nothing observed", { empirical: [] }],
    ["no weight", { mixture: [{ weight: 0, of: { constant: "1s" } }] }],
  ])("refuse %s", (_, written) => {
    expect(z.safeParse(schema, written).success).toBe(false);
  });
});
