import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hash32 } from "../../src/kernel/hash.ts";
import { normalQuantile } from "../../src/kernel/normal.ts";

/** The distribution function by Simpson's rule over the density. */
function normalProbability(x: number): number {
  const steps = 400;
  const density = (t: number): number => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
  let sum = density(0) + density(x);
  for (let i = 1; i < steps; i++) sum += (i % 2 === 1 ? 4 : 2) * density((x * i) / steps);
  return 0.5 + (sum * x) / steps / 3;
}

describe("the normal quantile", () => {
  it.each([
    [0.5, 0],
    [0.75, 0.6744897501960817],
    [0.9, 1.2815515655446004],
    [0.95, 1.6448536269514722],
    [0.975, 1.959963984540054],
    [0.99, 2.3263478740408408],
    [0.999, 3.090232306167813],
    [0.999999, 4.753424308822899],
  ])("of %d is %d", (probability, quantile) => {
    expect(normalQuantile(probability)).toBeCloseTo(quantile, 7);
    expect(normalQuantile(1 - probability)).toBeCloseTo(-quantile, 7);
  });

  it("rises, and the distribution function undoes it", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 0.999, noNaN: true }), (probability) => {
        expect(normalProbability(normalQuantile(probability))).toBeCloseTo(probability, 8);
        expect(normalQuantile(probability + 0.0005)).toBeGreaterThan(normalQuantile(probability));
      }),
    );
  });

  it("is infinite at the ends", () => {
    expect([normalQuantile(0), normalQuantile(1)]).toEqual([-Infinity, Infinity]);
  });
});

describe("the hash of names", () => {
  it("tells names and salts apart", () => {
    const hashes = new Set<number>();
    for (let i = 0; i < 3000; i++) for (const salt of [1, 2, 3]) hashes.add(hash32(`pools.${i}.service`, salt));
    // Of 9,000 32-bit hashes about 0.01 pairs meet by accident.
    expect(hashes.size).toBeGreaterThanOrEqual(8999);
  });
});
