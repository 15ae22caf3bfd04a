import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hash32 } from "../../src/kernel/hash.ts";
import { normalQuantile } from "../../src/kernel/normal.ts";
import { percentile } from "../../src/kernel/percentile.ts";
import { resized, Slots } from "../../src/kernel/slots.ts";

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

describe("the nearest-rank percentile", () => {
  it("is the smallest value that enough of the values do not exceed", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 1 }), fc.integer({ min: 1, max: 100 }), (values, percent) => {
        const sorted = Float64Array.from(values).sort();
        const found = percentile(sorted, percent / 100)!;
        const atMost = (bound: number): number => values.filter((value) => value <= bound).length;
        expect(atMost(found) * 100).toBeGreaterThanOrEqual(percent * values.length);
        const below = sorted.filter((value) => value < found);
        if (below.length > 0) expect(atMost(below.at(-1)!) * 100).toBeLessThan(percent * values.length);
      }),
    );
  });

  it("does not slip a rank through rounding: of a hundred values the 95th is p95, of a thousand the 999th is p99.9", () => {
    const upTo = (count: number): Float64Array => Float64Array.from({ length: count }, (_, i) => i + 1);
    for (let percent = 1; percent <= 100; percent++) expect(percentile(upTo(100), percent / 100)).toBe(percent);
    expect(percentile(upTo(1000), 0.999)).toBe(999);
    expect(percentile(upTo(5), 0)).toBe(1);
  });

  it("does not exist for no values", () => {
    expect(percentile(new Float64Array(0), 0.5)).toBeUndefined();
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

describe("slots", () => {
  it("never give a number to two holders, and columns have room for all of them", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 300 }), (acquires) => {
        let column = new Int32Array(0);
        const slots = new Slots((capacity) => (column = resized(column, capacity)), 2);
        const held: number[] = [];
        acquires.forEach((acquire, step) => {
          if (acquire) {
            const slot = slots.acquire();
            expect(held).not.toContain(slot);
            expect(slot).toBeLessThan(column.length);
            column[slot] = step;
            held.push(slot);
          } else if (held.length > 0) slots.release(held.splice(step % held.length, 1)[0]!);
          expect(slots.inUse).toBe(held.length);
        });
        expect(column.length).toBeLessThanOrEqual(Math.max(2, 2 * acquires.length));
      }),
    );
  });
});
