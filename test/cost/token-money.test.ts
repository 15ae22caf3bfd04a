import { expect, it } from "vitest";
import { tokenMoney } from "../../src/cost/token-money.ts";

it("tokens cost their price per million, input and output apart", () => {
  expect(tokenMoney(3e6, 500_000, { inputPerMillion: 0.2, outputPerMillion: 1.2 })).toBeCloseTo(1.2, 12);
});
