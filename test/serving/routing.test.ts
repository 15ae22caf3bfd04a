import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type RandomSource, Streams } from "../../src/kernel/random.ts";
import { createRouter, routerNames, routingSettings } from "../../src/serving/routing/registry.ts";
import { Attempts } from "../../src/traffic/attempts.ts";
import type { ReplicasView } from "../../src/serving/routing/router.ts";

/** A view that a router can only look at. */
const viewOf = (loads: readonly number[]): ReplicasView => {
  const frozen = Object.freeze([...loads]);
  return Object.freeze({
    count: frozen.length,
    outstanding: (index: number) => frozen[index],
    leastOutstanding: () => frozen.indexOf(Math.min(...frozen)),
    kvUse: (index: number) => frozen[index] / 100,
    number: (index: number) => index,
  });
};

/** Views of a fleet over time: replicas come and go, at least one is ready. */
const views = fc.array(fc.array(fc.nat(20), { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 60 });

const create = (name: string, random: RandomSource) => createRouter(routingSettings.parse(name), random, new Attempts());

const source = (seed: number) => new Streams(seed, 0).sequence("routing");

describe.each(routerNames)("the router %s", (name) => {
  it("always chooses a replica that is ready, also when replicas come and go", () => {
    fc.assert(
      fc.property(views, fc.nat(), (all, seed) => {
        const route = create(name, source(seed));
        for (const loads of all) {
          const chosen = route(viewOf(loads), 0);
          expect(Number.isInteger(chosen) && chosen >= 0 && chosen < loads.length).toBe(true);
        }
      }),
    );
  });

  it("makes the same choices from the same stream", () => {
    fc.assert(
      fc.property(views, fc.nat(), (all, seed) => {
        const [one, other] = [create(name, source(seed)), create(name, source(seed))];
        expect(all.map((loads) => one(viewOf(loads), 0))).toEqual(all.map((loads) => other(viewOf(loads), 0)));
      }),
    );
  });

  it("spreads attempts over replicas of equal load that take them at once", () => {
    const loads = [0, 0, 0, 0];
    const route = create(name, source(3));
    for (let i = 0; i < 4000; i++) loads[route(viewOf(loads), 0)]++;
    for (const load of loads) expect(Math.abs(load - 1000)).toBeLessThan(150);
  });
});

describe("routing", () => {
  it("by least outstanding finds the first of those with the fewest", () => {
    const route = create("leastOutstanding", source(1));
    fc.assert(
      fc.property(fc.array(fc.nat(9), { minLength: 1 }), (loads) => {
        expect(route(viewOf(loads), 0)).toBe(loads.indexOf(Math.min(...loads)));
      }),
    );
  });

  it("round robin takes turns", () => {
    const route = create("roundRobin", source(1));
    expect(Array.from({ length: 5 }, () => route(viewOf([9, 0, 0]), 0))).toEqual([0, 1, 2, 0, 1]);
  });
});
