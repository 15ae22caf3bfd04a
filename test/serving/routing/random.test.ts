import * as fc from "fast-check";
import { expect, it } from "vitest";
import { replicas, routerOf, viewOf } from "./views.ts";

it("gives each replica an equal part of the numbers from 0 to 1, whatever there is to do", () => {
  fc.assert(
    fc.property(replicas, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (seen, drawn) => {
      const chosen = routerOf("random", { uniform: () => drawn })(viewOf(seen), 0);
      expect(chosen / seen.length).toBeLessThanOrEqual(drawn);
      expect(drawn).toBeLessThan((chosen + 1) / seen.length);
    }),
  );
});
