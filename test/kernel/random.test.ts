import { describe, expect, it } from "vitest";
import { KeyedRandom, Streams, type RandomSource } from "../../src/kernel/random.ts";

const draws = (source: RandomSource, count: number): number[] => Array.from({ length: count }, () => source.uniform());

/** Correlation of two sequences of uniform numbers; about ±2 / √n when they are independent. */
function correlation(a: readonly number[], b: readonly number[]): number {
  const product = a.reduce((sum, x, i) => sum + (x - 0.5) * (b[i] - 0.5), 0);
  return (12 * product) / a.length;
}

/** Pearson's statistic over `bins` equal bins. */
function chiSquare(values: readonly number[], bins: number): number {
  const counts = Array.from({ length: bins }, () => 0);
  for (const value of values) counts[Math.floor(value * bins)]++;
  const expected = values.length / bins;
  return counts.reduce((sum, found) => sum + (found - expected) ** 2 / expected, 0);
}

/** Mean and five deviations of a chi-square variable. */
const chiSquareBound = (bins: number): number => bins - 1 + 5 * Math.sqrt(2 * (bins - 1));

describe("the streams of a replication", () => {
  it("give the same numbers for the same seed, replication and name, whatever other streams there are", () => {
    const first = new Streams(7, 0);
    const second = new Streams(7, 0);
    second.sequence("another").uniform();
    expect(draws(first.sequence("arrivals"), 50)).toEqual(draws(second.sequence("arrivals"), 50));
    expect(draws(first.keyed("fates").of(3, 1), 5)).toEqual(draws(second.keyed("fates").of(3, 1), 5));
  });

  it.each([
    ["name", new Streams(7, 0).sequence("b")],
    ["replication", new Streams(7, 1).sequence("a")],
    ["seed", new Streams(8, 0).sequence("a")],
  ])("are unrelated when the %s differs", (_, other) => {
    const count = 40_000;
    const reference = draws(new Streams(7, 0).sequence("a"), count);
    expect(Math.abs(correlation(reference, draws(other, count)))).toBeLessThan(5 / Math.sqrt(count));
  });

  it("are uniform, also in pairs of successive numbers", () => {
    const values = draws(new Streams(1, 0).sequence("arrivals"), 200_000);
    expect(chiSquare(values, 1000)).toBeLessThan(chiSquareBound(1000));
    const pairs = values.slice(1).map((value, i) => (Math.floor(values[i] * 32) + value) / 32);
    expect(chiSquare(pairs, 1024)).toBeLessThan(chiSquareBound(1024));
    for (const value of values) if (!(value >= 0 && value < 1)) expect.fail(`${value} is outside of [0, 1)`);
  });
});

describe("keyed random numbers", () => {
  it("depend on key, subject, aspect and draw alone", () => {
    const source = new KeyedRandom(99);
    const once = draws(source.of(12, 2), 4);
    draws(source.of(5), 100);
    expect(draws(source.of(12, 2), 4)).toEqual(once);
  });

  /** Known answers of philox2x32-10 as the authors' Random123 publishes them: counter, counter, key → output, output. */
  it.each([
    [0x00000000, 0x00000000, 0x00000000, 0xff1dae59, 0x6cd10df2],
    [0xffffffff, 0xffffffff, 0xffffffff, 0x2c3f628b, 0xab4fd7ad],
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0xdd7ce038, 0xf62a4c12],
  ])("are Philox-2x32-10: counter %d %d, key %d", (subject, draw, key, left, right) => {
    const source = new KeyedRandom(key | 0).of(subject | 0);
    source["draw"] = draw | 0;
    expect(source.uniform()).toBe(((left >>> 5) * 2 ** 26 + (right >>> 6)) / 2 ** 53);
  });

  it("are uniform over subjects, and unrelated between neighbours, aspects and draws", () => {
    const count = 100_000;
    const source = new Streams(3, 0).keyed("fates");
    const of = (aspect: number, skip: number, shift: number): number[] =>
      Array.from({ length: count }, (_, subject) => {
        source.of(subject + shift, aspect);
        for (let i = 0; i < skip; i++) source.uniform();
        return source.uniform();
      });
    const reference = of(0, 0, 0);
    expect(chiSquare(reference, 1000)).toBeLessThan(chiSquareBound(1000));
    for (const other of [of(0, 0, 1), of(1, 0, 0), of(0, 1, 0), of(255, 0, 0)]) {
      expect(Math.abs(correlation(reference, other))).toBeLessThan(5 / Math.sqrt(count));
    }
  });
});
