import { describe, expect, it } from "vitest";
import { Streams } from "../../src/kernel/random.ts";
import { Latency, latencySettings } from "../../src/provider/latency.ts";
import { callAll, fixed } from "./calls.ts";

const hours = [
  ["0h", 1],
  ["9h", 1.5],
  ["18h", 0.5],
];

const pacesAt = (table: unknown, moments: readonly number[]): number[] => {
  const latency = new Latency(latencySettings.parse({ ...fixed, hours: table }));
  return moments.map((hour) => latency.pace(hour * 3600));
};

describe("a provider's latency", () => {
  it("is the distribution's and a time for each token of the prompt: the mean grows by just that", () => {
    const ttft = { lognormal: { mean: "400ms", cv: 0.5 } };
    const latency = new Latency(latencySettings.parse({ ttft, tpot: { constant: "0s" }, perInputToken: "200us" }));
    const random = new Streams(1, 0).sequence("latency");
    const n = 40_000;
    const mean = (tokens: number): number => Array.from({ length: n }, () => latency.ttft(random, tokens)).reduce((a, b) => a + b) / n;
    const error = (5 * 0.2) / Math.sqrt(n);
    expect(Math.abs(mean(0) - 0.4)).toBeLessThan(error);
    expect(Math.abs(mean(3000) - 1)).toBeLessThan(error);
  });

  it("changes by the hour of the day, in steps that hold their start and not their end, and every day anew", () => {
    const moments = [0, 8.99, 9, 17.99, 18, 23.99, 24, 32.99, 33, 24 * 10 + 20];
    expect(pacesAt(hours, moments)).toEqual([1, 1, 1.5, 1.5, 0.5, 0.5, 1, 1, 1.5, 0.5]);
    expect(pacesAt([["0h", 3]], [0, 30, 500])).toEqual([3, 3, 3]);
    expect(pacesAt(undefined, [0, 30])).toEqual([1, 1]);
  });

  it("is stretched as a whole, prompt and all, by the factor of the hour at which the call is sent", () => {
    const calls = [0, 8.9999, 9, 20].map((hour) => ({ at: hour * 3600, input: 1000 }));
    const { results } = callAll({ latency: { ...fixed, perInputToken: "1ms", hours } }, calls);
    const factors = [1, 1, 1.5, 0.5];
    results.forEach(({ firstTokenAt, endedAt }, i) => {
      expect(firstTokenAt - calls[i].at).toBeCloseTo(factors[i] * 1.4, 9);
      expect(endedAt - firstTokenAt).toBeCloseTo(factors[i] * 49 * 0.01, 9);
    });
  });
});
