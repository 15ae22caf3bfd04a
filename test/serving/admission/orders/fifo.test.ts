import * as fc from "fast-check";
import { expect, it } from "vitest";
import { fifo } from "../../../../src/serving/admission/orders/fifo.ts";
import { served, told } from "./line-driver.ts";

it("serves first who came first, whatever else is known", () => {
  fc.assert(
    fc.property(fc.array(told), (all) => {
      expect(served(fifo, all)).toEqual(all.map((_, attempt) => attempt));
    }),
  );
});
