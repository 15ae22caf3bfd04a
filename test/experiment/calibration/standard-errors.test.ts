import { describe, expect, it } from "vitest";
import { leastSquares } from "../../../src/experiment/calibration/least-squares.ts";
import { uncertaintyOf } from "../../../src/experiment/calibration/standard-errors.ts";
import { normalQuantile } from "../../../src/kernel/normal.ts";
import { Streams } from "../../../src/kernel/random.ts";

const count = 200;
const ones = new Float64Array(count).fill(1);
const each = Int32Array.from(ones, (_, i) => i);
const inTens = each.map((i) => Math.floor(i / 10));
const xs = Array.from(ones, (_, i) => (i % 20) / 10 - 0.95);

function line(noiseOf: (i: number) => number) {
  return leastSquares(([a, b]) => Float64Array.from(xs, (x, i) => a + b * x - 1 - 2 * x - noiseOf(i)), [0, 0], { huber: Infinity });
}

describe("uncertaintyOf", () => {
  const random = new Streams(3, 0).sequence("noise");
  const noise = Array.from(ones, () => 0.1 * normalQuantile(random.uniform()));

  it("is that of a straight line through independent points: σ/√n and σ/√Σx²", () => {
    const { standardErrors, scale } = uncertaintyOf(
      line((i) => noise[i]),
      ones,
      each,
    );
    expect(scale).toBeGreaterThan(0.085);
    expect(scale).toBeLessThan(0.115);
    const spread = Math.sqrt(xs.reduce((sum, x) => sum + x * x, 0));
    expect(standardErrors[0] / (0.1 / Math.sqrt(count))).toBeCloseTo(1, 0);
    expect(standardErrors[1] / (0.1 / spread)).toBeCloseTo(1, 0);
  });

  it("is about √10 times as large where ten points err together", () => {
    const together = (i: number) => noise[Math.floor(i / 10)];
    const apart = uncertaintyOf(line(together), ones, each).standardErrors[0];
    const clustered = uncertaintyOf(line(together), ones, inTens).standardErrors[0];
    expect(clustered / apart).toBeGreaterThan(2.2);
    expect(clustered / apart).toBeLessThan(4.5);
  });

  it("takes no measurement for exact: the scale is 1 % at least", () => {
    expect(
      uncertaintyOf(
        line(() => 0),
        ones,
        each,
      ).scale,
    ).toBe(0.01);
  });

  it("is infinite for what changes nothing, enormous for what two parameters say together, and unsaid at a bound", () => {
    const residuals = ([a, b, , d]: readonly number[]) => Float64Array.from(xs, (x, i) => a + b + d * x - noise[i]);
    const found = leastSquares(residuals, [0, 0, 0, 1], { lower: [-9, -9, -9, 1], huber: Infinity });
    const { standardErrors } = uncertaintyOf(found, ones, each);
    expect(standardErrors[0]).toBeGreaterThan(100);
    expect(standardErrors[1]).toBeGreaterThan(100);
    expect(standardErrors[2]).toBe(Infinity);
    expect(standardErrors[3]).toBeNaN();
  });
});
