import * as fc from "fast-check";
import { expect, it } from "vitest";
import { lifo } from "../../../../src/serving/admission/orders/lifo.ts";
import { drained, linksOf, served, told } from "./line-driver.ts";

it("serves first who came last, whatever else is known", () => {
  fc.assert(
    fc.property(fc.array(told), (all) => {
      expect(served(lifo, all)).toEqual(all.map((_, attempt) => attempt).reverse());
    }),
  );
});

it("keeps whoever comes behind those at the head, also once the last of these has left", () => {
  const one = { priority: 1, inputTokens: 1 };
  const line = lifo.create(linksOf([one, one, one, one, one]));
  line.join(0);
  line.joinAtHead(1);
  line.joinAtHead(2);
  line.leave(1);
  line.join(3);
  line.join(4);
  expect(drained(line)).toEqual([2, 4, 3, 0]);
});
