import { expect, it } from "vitest";
import { runReplication } from "../../src/experiment/run.ts";
import { overflowing } from "./overflowing.ts";
import { scenarioOf } from "./systems.ts";

it("vectors that are written anew are paid for once, however long the run", () => {
  const reembed = "reembed: { at: 30s, rate: 100/s, tokensPerVector: 500, perMillionTokens: $2 }";
  const vectorStores = `{ handbook: { concurrency: 8, read: { constant: 5ms }, vectors: 3000, perReplicaHour: $0.5, ${reembed} } }`;
  const cost = (horizon: string): number | undefined =>
    runReplication(scenarioOf(overflowing, { vectorStores, horizon, warmup: "0s" }), 0, new Map()).summary.money.vectorStores["handbook"];
  // 3,000 × 500 tokens at $2 a million.
  expect(cost("2m")).toBeCloseTo(0.5 * 730 + 3, 9);
  expect(cost("4m")).toBeCloseTo(0.5 * 730 + 3, 9);
  expect(cost("45s")).toBeCloseTo(0.5 * 730 + 1.5, 2);
});
