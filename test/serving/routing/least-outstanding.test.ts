import * as fc from "fast-check";
import { expect, it } from "vitest";
import { StaleView } from "../../../src/serving/routing/stale-view.ts";
import { loaded, replicas, routerOf, viewOf } from "./views.ts";

it("finds the first of those with the fewest", () => {
  const route = routerOf("leastOutstanding");
  fc.assert(
    fc.property(replicas, (seen) => {
      const loads = seen.map(({ outstanding }) => outstanding);
      expect(route(viewOf(seen), 0)).toBe(loads.indexOf(Math.min(...loads)));
    }),
  );
});

it("herds by a stale view: between two looks everything goes to the one replica that had the fewest", () => {
  const route = routerOf("leastOutstanding");
  const loads = [0, 0, 0, 0];
  const clock = { now: 0 };
  const fresh = {
    count: 4,
    outstanding: (index: number) => loads[index],
    leastOutstanding: () => loads.indexOf(Math.min(...loads)),
    kvUse: () => 0,
    number: (index: number) => index,
  };
  const stale = new StaleView(fresh, clock, 1, () => 0);
  const chosen = Array.from({ length: 40 }, (_, i) => {
    clock.now = i / 8;
    const replica = route(stale, 0);
    loads[replica]++;
    return replica;
  });
  expect(chosen).toEqual(Array.from({ length: 40 }, (_, i) => Math.floor(i / 8) % 4));
});

it("takes turns by a fresh view of replicas that were empty", () => {
  const route = routerOf("leastOutstanding");
  const loads = [0, 0, 0, 0];
  const chosen = Array.from({ length: 12 }, () => {
    const replica = route(viewOf(loaded(loads)), 0);
    loads[replica]++;
    return replica;
  });
  expect(chosen).toEqual(Array.from({ length: 12 }, (_, i) => i % 4));
});
