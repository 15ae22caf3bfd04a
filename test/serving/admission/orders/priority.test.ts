import * as fc from "fast-check";
import { expect, it } from "vitest";
import { priority } from "../../../../src/serving/admission/orders/priority.ts";
import { priorities } from "../../../../src/traffic/priority.ts";
import { served, told } from "./line-driver.ts";

it("serves those of high priority, then of normal, then of low, each in order of arrival", () => {
  fc.assert(
    fc.property(fc.array(told), (all) => {
      const ranked = priorities.flatMap((_, level) => all.flatMap((one, attempt) => (one.priority === level ? [attempt] : [])));
      expect(served(priority, all)).toEqual(ranked);
    }),
  );
  const [high, normal, low] = ["high", "normal", "low"].map((name) => ({
    priority: (priorities as readonly string[]).indexOf(name),
    inputTokens: 1,
  }));
  expect(served(priority, [low, normal, high, low, high])).toEqual([2, 4, 1, 0, 3]);
});
