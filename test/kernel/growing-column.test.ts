import * as fc from "fast-check";
import { expect, it } from "vitest";
import { GrowingColumn } from "../../src/kernel/growing-column.ts";

it("a growing column holds what was added, in that order, however much that is", () => {
  fc.assert(
    fc.property(fc.array(fc.double(), { maxLength: 1000, size: "max" }), (numbers) => {
      const column = new GrowingColumn();
      for (const number of numbers) column.add(number);
      expect([...column.values]).toEqual(numbers);
    }),
  );
});
