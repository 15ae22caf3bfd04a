import { expect, it } from "vitest";
import { Streams } from "../../src/kernel/random.ts";
import { Zipf } from "../../src/kernel/zipf.ts";

const draws = 200_000;

function countsOf(exponent: number, count: number): number[] {
  const zipf = new Zipf(exponent, count);
  const random = new Streams(3, 0).keyed("keys");
  const counts = Array.from({ length: count }, () => 0);
  for (let number = 0; number < draws; number++) counts[zipf.draw(random.of(number)) - 1]++;
  return counts;
}

function probabilities(exponent: number, count: number): number[] {
  const weights = Array.from({ length: count }, (_, i) => (i + 1) ** -exponent);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

it.each([
  [0, 7],
  [0.4, 50],
  [0.8, 1000],
  [0.9999, 300],
  [1, 300],
  [1.0001, 300],
  [1.05, 2],
  [1.6, 2000],
  [4, 40],
])("draws ranks with a probability in proportion to k^-%d, of %d", (exponent, count) => {
  const counts = countsOf(exponent, count);
  const expected = probabilities(exponent, count).map((p) => p * draws);
  // Ranks that are expected too rarely for the law of the statistic are counted together.
  const few = expected.findIndex((one) => one < 10);
  const head = few === -1 ? count : few;
  const sumFrom = (values: readonly number[]): number => values.slice(head).reduce((sum, one) => sum + one, 0);
  const cells = expected.slice(0, head).map((one, i) => [counts[i], one] as const);
  if (head < count) cells.push([sumFrom(counts), sumFrom(expected)]);
  const statistic = cells.reduce((sum, [found, one]) => sum + (found - one) ** 2 / one, 0);
  const freedom = cells.length - 1;
  // Five standard deviations of the chi-square law, and what it is skewed by.
  expect(statistic).toBeLessThan(freedom + 5 * Math.sqrt(2 * freedom) + 16);
});

it("draws the only one there is, and of ten million none beyond", () => {
  const random = new Streams(3, 0).keyed("keys");
  const [alone, many] = [new Zipf(1.05, 1), new Zipf(0.2, 1e7)];
  for (let number = 0; number < 1000; number++) {
    expect(alone.draw(random.of(number))).toBe(1);
    const rank = many.draw(random.of(number));
    expect(Number.isInteger(rank) && rank >= 1 && rank <= 1e7).toBe(true);
  }
});
