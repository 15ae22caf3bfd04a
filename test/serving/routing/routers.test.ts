import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { routerNames } from "../../../src/serving/routing/registry.ts";
import { StaleView } from "../../../src/serving/routing/stale-view.ts";
import { chain, loaded, OneAttempt, replicas, routerOf, type Seen, streamOf, viewOf } from "./views.ts";

/** Decisions over time: replicas come and go, and so does their load; prompts begin alike. */
const decisions = fc.array(fc.record({ seen: replicas, keys: chain }), { minLength: 1, maxLength: 40 });

/** Where each decision sends its attempt, as positions. */
function routed(name: string, seed: number, all: readonly { seen: Seen[]; keys: number[] }[]): number[] {
  const asked = new OneAttempt();
  const route = routerOf(name, streamOf(seed), asked.attempts);
  return all.map(({ seen, keys }) => {
    asked.ask(keys);
    return route(viewOf(seen), 0);
  });
}

describe.each(routerNames)("the router %s", (name) => {
  it("always chooses a replica that is ready, also when replicas come and go, and changes nothing and reads no output length", () => {
    fc.assert(
      fc.property(decisions, fc.nat(), (all, seed) => {
        routed(name, seed, all).forEach((chosen, i) => {
          expect(Number.isInteger(chosen) && chosen >= 0 && chosen < all[i].seen.length).toBe(true);
        });
      }),
    );
  });

  it("chooses one that is ready also by what it saw a while ago", () => {
    const moments = fc.array(fc.record({ seen: replicas, keys: chain, after: fc.nat(3), sameReplicas: fc.boolean() }), { maxLength: 40 });
    fc.assert(
      fc.property(moments, fc.nat(), (all, seed) => {
        const asked = new OneAttempt();
        const route = routerOf(name, streamOf(seed), asked.attempts);
        const clock = { now: 0 };
        let [version, current] = [0, viewOf(loaded([0]))];
        const fresh = {
          get count() {
            return current.count;
          },
          outstanding: (index: number) => current.outstanding(index),
          leastOutstanding: () => current.leastOutstanding(),
          kvUse: (index: number) => current.kvUse(index),
          number: (index: number) => current.number(index),
        };
        const stale = new StaleView(fresh, clock, 2, () => version);
        for (const { seen, keys, after, sameReplicas } of all) {
          clock.now += after;
          if (!sameReplicas) {
            version++;
            current = viewOf(seen);
          }
          asked.ask(keys);
          const chosen = route(stale, 0);
          expect(Number.isInteger(chosen) && chosen >= 0 && chosen < current.count).toBe(true);
        }
      }),
    );
  });

  it("makes the same choices from the same stream", () => {
    fc.assert(
      fc.property(decisions, fc.nat(), (all, seed) => {
        expect(routed(name, seed, all)).toEqual(routed(name, seed, all));
      }),
    );
  });

  it("spreads attempts over replicas of equal load that take them at once", () => {
    const loads = [0, 0, 0, 0];
    const route = routerOf(name, streamOf(3));
    for (let i = 0; i < 4000; i++) loads[route(viewOf(loaded(loads)), 0)]++;
    for (const load of loads) expect(Math.abs(load - 1000)).toBeLessThan(150);
  });

  it("has the only replica that there is", () => {
    const route = routerOf(name);
    for (let i = 0; i < 5; i++) expect(route(viewOf(loaded([i])), 0)).toBe(0);
  });
});
