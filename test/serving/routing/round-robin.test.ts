import { expect, it } from "vitest";
import { loaded, routerOf, viewOf } from "./views.ts";

it("takes turns, whatever there is to do", () => {
  const route = routerOf("roundRobin");
  expect(Array.from({ length: 5 }, () => route(viewOf(loaded([9, 0, 0])), 0))).toEqual([0, 1, 2, 0, 1]);
});
