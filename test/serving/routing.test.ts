import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Streams } from "../../src/kernel/random.ts";
import { routerNames, routers } from "../../src/serving/routing/registry.ts";
import type { ReplicasView } from "../../src/serving/routing/router.ts";

/** A view that a router can only look at. */
const viewOf = (loads: readonly number[]): ReplicasView => {
  const frozen = Object.freeze([...loads]);
  return Object.freeze({ count: frozen.length, outstanding: (index: number) => frozen[index] });
};

/** Views of a fleet over time: replicas come and go, at least one is ready. */
const views = fc.array(fc.array(fc.nat(20), { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 60 });

const source = (seed: number) => new Streams(seed, 0).sequence("routing");

describe.each(routerNames)("the router %s", (name) => {
  it("always chooses a replica that is ready, also when replicas come and go", () => {
    fc.assert(
      fc.property(views, fc.nat(), (all, seed) => {
        const route = routers[name].create(source(seed));
        for (const loads of all) {
          const chosen = route(viewOf(loads));
          expect(Number.isInteger(chosen) && chosen >= 0 && chosen < loads.length).toBe(true);
        }
      }),
    );
  });

  it("makes the same choices from the same stream", () => {
    fc.assert(
      fc.property(views, fc.nat(), (all, seed) => {
        const [one, other] = [routers[name].create(source(seed)), routers[name].create(source(seed))];
        expect(all.map((loads) => one(viewOf(loads)))).toEqual(all.map((loads) => other(viewOf(loads))));
      }),
    );
  });

  it("spreads attempts over replicas of equal load that take them at once", () => {
    const loads = [0, 0, 0, 0];
    const route = routers[name].create(source(3));
    for (let i = 0; i < 4000; i++) loads[route(viewOf(loads))]++;
    for (const load of loads) expect(Math.abs(load - 1000)).toBeLessThan(150);
  });
});

describe("routing", () => {
  it("by least outstanding finds the first of those with the fewest", () => {
    const route = routers.leastOutstanding.create(source(1));
    fc.assert(
      fc.property(fc.array(fc.nat(9), { minLength: 1 }), (loads) => {
        expect(route(viewOf(loads))).toBe(loads.indexOf(Math.min(...loads)));
      }),
    );
  });

  it("round robin takes turns", () => {
    const route = routers.roundRobin.create(source(1));
    expect(Array.from({ length: 5 }, () => route(viewOf([9, 0, 0])))).toEqual([0, 1, 2, 0, 1]);
  });
});
