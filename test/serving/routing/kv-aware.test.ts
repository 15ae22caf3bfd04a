import * as fc from "fast-check";
import { expect, it } from "vitest";
import { replicas, routerOf, viewOf } from "./views.ts";

it("takes the lowest share of KV in use, of equals the fewest outstanding, of these the first", () => {
  const route = routerOf("kvAware");
  fc.assert(
    fc.property(replicas, (seen) => {
      const best = seen
        .map((one, position) => ({ ...one, position }))
        .sort((a, b) => a.kvUse - b.kvUse || a.outstanding - b.outstanding || a.position - b.position);
      expect(route(viewOf(seen), 0)).toBe(best[0].position);
    }),
  );
});

it("is the router by the fewest outstanding where there is no KV", () => {
  const route = routerOf("kvAware");
  fc.assert(
    fc.property(fc.array(fc.nat(9), { minLength: 1, maxLength: 12 }), (loads) => {
      const seen = loads.map((outstanding, number) => ({ number, outstanding, kvUse: 0 }));
      expect(route(viewOf(seen), 0)).toBe(viewOf(seen).leastOutstanding());
    }),
  );
});
