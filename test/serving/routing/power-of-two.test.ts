import * as fc from "fast-check";
import { expect, it } from "vitest";
import { loaded, replicas, routerOf, streamOf, viewOf } from "./views.ts";

const uniform = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

it("takes of two different replicas the one with fewer, of equals the one drawn first", () => {
  fc.assert(
    fc.property(replicas, uniform, uniform, (seen, one, other) => {
      fc.pre(seen.length > 1);
      const draws = [one, other];
      const chosen = routerOf("powerOfTwo", { uniform: () => draws.shift() ?? NaN })(viewOf(seen), 0);
      const positions = seen.map((_, position) => position);
      const [first] = positions.splice(Math.floor(one * positions.length), 1);
      const second = positions[Math.floor(other * positions.length)];
      expect(chosen).toBe(seen[second].outstanding < seen[first].outstanding ? second : first);
      expect(draws).toEqual([]);
    }),
  );
});

it("chooses the one with the r-th fewest of n in 2 (n - r) of n (n - 1) cases, so never the one with the most", () => {
  const loads = [4, 0, 3, 1, 2];
  const [n, decisions] = [loads.length, 20_000];
  const route = routerOf("powerOfTwo", streamOf(5));
  const view = viewOf(loaded(loads));
  const chosen = loads.map(() => 0);
  for (let i = 0; i < decisions; i++) chosen[route(view, 0)]++;
  loads.forEach((load, replica) => {
    const expected = (2 * (n - 1 - load)) / (n * (n - 1));
    // Four standard deviations of a share.
    const deviation = Math.sqrt((expected * (1 - expected)) / decisions);
    expect(Math.abs(chosen[replica] / decisions - expected)).toBeLessThanOrEqual(4 * deviation);
  });
});
