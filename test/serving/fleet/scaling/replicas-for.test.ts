import * as fc from "fast-check";
import { expect, it } from "vitest";
import { replicasFor } from "../../../../src/serving/fleet/scaling/replicas-for.ts";

it("takes as many replicas as bear the load, also where sums of decimals miss a whole number", () => {
  expect([0, 1, 10, 11].map((load) => replicasFor(load, 10))).toEqual([0, 1, 1, 2]);
  expect(replicasFor(0.1 + 0.1 + 0.1, 0.1)).toBe(3);
  expect(replicasFor(10 * (1 + 0.1), 1)).toBe(11);
  expect(replicasFor(1e-9, 1e6)).toBe(1);
});

it("gives n replicas exactly what n replicas bear", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), fc.double({ min: 1e-3, max: 1e4, noNaN: true }), (n, target) => {
      expect(replicasFor(n * target, target)).toBe(n);
      expect(replicasFor((n + 1e-6) * target, target)).toBe(n + 1);
    }),
  );
});
