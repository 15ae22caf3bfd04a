import * as fc from "fast-check";
import { expect, it } from "vitest";
import { LeastLoaded } from "../../../src/serving/routing/least-loaded.ts";

const firstOf = (loads: readonly number[]): number => loads.indexOf(Math.min(...loads));

const loads = (load: fc.Arbitrary<number>) => fc.array(load, { minLength: 1, maxLength: 70, size: "max" });

it("is the first of those with the smallest load, through changes of all kinds and fleets that grow and shrink", () => {
  const load = fc.oneof(fc.nat(3), fc.nat(1000), fc.double({ min: 0, noNaN: true }));
  const change = fc.oneof(
    { arbitrary: fc.record({ position: fc.nat(), load }), weight: 9 },
    { arbitrary: fc.record({ anew: loads(load) }), weight: 1 },
  );
  fc.assert(
    fc.property(loads(load), fc.array(change, { maxLength: 80, size: "max" }), (start, changes) => {
      const least = new LeastLoaded();
      let model = [...start];
      least.reset(start);
      expect(least.first).toBe(firstOf(model));
      for (const one of changes) {
        if ("anew" in one) {
          model = [...one.anew];
          least.reset(one.anew);
        } else {
          const position = one.position % model.length;
          model[position] = one.load;
          least.set(position, one.load);
        }
        expect(least.first).toBe(firstOf(model));
      }
    }),
  );
});

it("follows loads that go up and down by one, as they do where each attempt goes to the least loaded", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.array(fc.option(fc.nat()), { maxLength: 200, size: "max" }), (count, steps) => {
      const least = new LeastLoaded();
      const model = Array.from({ length: count }, () => 0);
      least.reset(Int32Array.from(model));
      for (const ends of steps) {
        const position = ends === null ? least.first : ends % count;
        model[position] = ends === null ? model[position] + 1 : Math.max(0, model[position] - 1);
        least.set(position, model[position]);
        expect(least.first).toBe(firstOf(model));
      }
    }),
  );
});
