import fc from "fast-check";
import { expect, it } from "vitest";
import { Lattice } from "../../../src/experiment/optimization/lattice.ts";
import type { Axis } from "../../../src/experiment/result.ts";

const replicas: Axis = { path: "pools.gpus.replicas", label: "replicas", values: ["4", "1", "2"] };
const engines: Axis = { path: "pools.gpus.engine", label: "engine", values: ["a", "b"] };
const warm: Axis = { path: "pools.gpus.warm.size", label: "warm size", values: ["0", "1", "2", "3"] };
const lattice = new Lattice([replicas, engines, warm]);
const plans = Array.from({ length: lattice.size }, (_, plan) => plan);

it("every plan of the grid has its place", () => {
  expect(lattice.size).toBe(24);
  expect(new Set(plans.map((plan) => lattice.positionsOf(plan).join())).size).toBe(24);
});

it("less is fewer in number, whatever the order in which values are written, and the same engine", () => {
  const numbers = (plan: number) => {
    const [first, second, third] = lattice.positionsOf(plan);
    return { replicas: Number(replicas.values[first]), engine: second, warm: Number(warm.values[third]) };
  };
  for (const a of plans) {
    for (const b of plans) {
      const [one, other] = [numbers(a), numbers(b)];
      expect(lattice.isLess(a, b)).toBe(one.engine === other.engine && one.replicas <= other.replicas && one.warm <= other.warm);
    }
  }
});

it("counts and visits those that have less and more", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 24, maxLength: 24 }), fc.constantFrom(...plans), (given, plan) => {
      const marked = Uint8Array.from(given);
      const less = plans.filter((other) => lattice.isLess(other, plan));
      const more = plans.filter((other) => lattice.isLess(plan, other));
      expect(lattice.less(marked)[plan]).toBe(less.filter((other) => marked[other] === 1).length);
      expect(lattice.more(marked)[plan]).toBe(more.filter((other) => marked[other] === 1).length);
      const visited = (way: 1 | -1): number[] => {
        const seen: number[] = [];
        lattice.visit(plan, way, (other) => seen.push(other));
        return seen.toSorted((a, b) => a - b);
      };
      expect(visited(-1)).toEqual(less);
      expect(visited(1)).toEqual(more);
    }),
  );
});

it("of settings of which nothing is known, no value is more than another", () => {
  const free = new Lattice([{ path: "pools.gpus.queue.maxWait", label: "maxWait", values: ["1", "2", "3"] }]);
  expect(free.isLess(0, 1)).toBe(false);
});
