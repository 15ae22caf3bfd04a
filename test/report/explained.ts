import type { Explanation, Sensitivity, Swing } from "../../src/experiment/explanation-result.ts";
import type { Result } from "../../src/experiment/result.ts";
import { around, compared, simulated } from "./fixture.ts";

const swing = (attainment: number, usd: number, moved: string | null = null): Swing => ({
  moved,
  attainment: around(attainment, 0.002),
  usd_per_month: around(usd, 40),
});

const sensitivity: readonly Sensitivity[] = [
  { input: "chat traffic", low: swing(0.012, -1900), high: swing(-0.031, 2100) },
  { input: "gpus replicas", low: swing(-0.02, -900, "3 to 2"), high: swing(0.001, 100, "3 to 4") },
  { input: "gpus price", low: swing(0, -2148), high: swing(0, 2148) },
];

/** A system that its cold starts keep from its SLO. */
export function explained(): Result {
  const [base] = simulated().points;
  const points = [base, { ...base, name: "cold starts", attainment: around(0.99, 0.002) }, { ...base, name: "abandoned work" }];
  const cold = { cause: "cold", words: "cold starts", attainment: around(0.036, 0.002), goodShare: around(0.036, 0.002) };
  const work = { cause: "abandonedWork", words: "abandoned work", attainment: around(0, 0.001), goodShare: around(0, 0.001) };
  const explanation: Explanation = {
    causes: [
      { ...cold, usd_per_month: around(0, 0) },
      { ...work, usd_per_month: around(-310, 25) },
    ],
    blame: { cause: "cold", tiedWith: [] },
    sensitivity,
    sensitivityReplications: 2,
    simulations: 21,
  };
  const advice =
    "Cold starts cost chat ttft p95 < 2s 3.60 ± 0.20 points of attainment: without them 99.0 % would meet it, not 95.4 %. Next: none.";
  const { best: _, ...rest } = compared();
  return { ...rest, kind: "explain", points, differences: [], explanation, advice };
}
