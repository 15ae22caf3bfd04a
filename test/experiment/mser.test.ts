import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mser5 } from "../../src/experiment/mser.ts";
import { normalQuantile } from "../../src/kernel/normal.ts";
import { Streams } from "../../src/kernel/random.ts";

/** The definition, written out: batch means, and for every cut the sum of squares over the square of what is left. */
function plainMser5(values: readonly number[]): number | undefined {
  const count = Math.floor(values.length / 5);
  const means = Array.from({ length: count }, (_, i) => values.slice(5 * i, 5 * i + 5).reduce((a, b) => a + b, 0) / 5);
  const errors = Array.from({ length: count - 4 }, (_, cut) => {
    const left = means.slice(cut);
    const mean = left.reduce((a, b) => a + b, 0) / left.length;
    return left.reduce((sum, value) => sum + (value - mean) ** 2, 0) / left.length ** 2;
  });
  const cut = errors.indexOf(Math.min(...errors));
  return cut > count / 2 ? undefined : 5 * cut;
}

/** Of an AR(1) process around 10, with what is added to it at the beginning. */
function process(seed: number, length: number, added: (i: number) => number): number[] {
  const source = new Streams(seed, 0).sequence("noise");
  let state = 0;
  return Array.from({ length }, (_, i) => {
    state = 0.5 * state + normalQuantile(source.uniform());
    return 10 + state + added(i);
  });
}

describe("MSER-5", () => {
  it("is what the definition says, of any integers", () => {
    const values = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 50, maxLength: 300 });
    fc.assert(fc.property(values, (series) => mser5(series) === plainMser5(series)));
  });

  it("does not depend on the unit, nor on what is added throughout", () => {
    const values = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 50, maxLength: 300 });
    fc.assert(fc.property(values, (series) => mser5(series.map((value) => 4 * value + 64)) === mser5(series)));
  });

  it("cuts nothing off what is constant", () => {
    expect(mser5(Array.from({ length: 200 }, () => 0.1))).toBe(0);
  });

  it("cuts a first level off, whole batches of it, and no more", () => {
    const series = Array.from({ length: 200 }, (_, i) => (i < 38 ? 3 : 7));
    expect(mser5(series)).toBe(40);
  });

  it("cuts a transient that dies away off an AR(1) process, and little off one without", () => {
    const cuts = (added: (i: number) => number): number[] =>
      Array.from({ length: 40 }, (_, seed) => mser5(process(seed + 1, 1000, added))!);
    const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length / 2];
    expect(median(cuts(() => 0))).toBeLessThanOrEqual(100);
    const transient = cuts((i) => 30 * Math.exp(-i / 50));
    expect(Math.min(...transient)).toBeGreaterThanOrEqual(100);
    expect(median(transient)).toBeLessThanOrEqual(300);
  });

  it("finds no steady state in a steady rise, nor where there is too little to tell", () => {
    expect(mser5(Array.from({ length: 200 }, (_, i) => i))).toBeUndefined();
    expect(mser5(process(1, 500, (i) => i / 10))).toBeUndefined();
    expect(mser5(Array.from({ length: 49 }, () => 1))).toBeUndefined();
  });
});
