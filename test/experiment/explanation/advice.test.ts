import { expect, it } from "vitest";
import { adviceOnExplanation } from "../../../src/experiment/explanation/advice.ts";
import type { CauseWorth } from "../../../src/experiment/explanation-result.ts";
import { around, simulated } from "../../report/fixture.ts";

it("does not go on to a cause that is worth 0.00 points, however sure that is", () => {
  const worth = (cause: string, words: string, attainment: number): CauseWorth => ({
    cause,
    words,
    attainment: around(attainment, attainment / 10),
    goodShare: around(attainment, attainment / 10),
    usd_per_month: around(0, 0),
  });
  const causes = [worth("cold", "cold starts", 0.05), worth("retrieval", "retrieval", 0.01), worth("calls", "calls on the way", 0.000_01)];
  const [base] = simulated().points;
  const explanation = { causes, blame: { cause: "cold", tiedWith: [] }, sensitivity: [], sensitivityReplications: 0, simulations: 4 };
  const advice = adviceOnExplanation(explanation, [base, base, base, base], undefined);
  expect(advice).toContain("Next: retrieval, 1.00 ± 0.10 points.");
  expect(advice).not.toContain("calls");
});
