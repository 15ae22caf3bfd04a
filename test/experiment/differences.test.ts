import { expect, it } from "vitest";
import { differencesFromFirst } from "../../src/experiment/differences.ts";
import { simulatePlans } from "../../src/experiment/plan.ts";
import { inlineRunner } from "../../src/experiment/runner.ts";
import { planOf } from "./systems.ts";

const hosted = `
name: Hosted
horizon: 20m
replications: 2
traffic:
  chat:
    arrivals: { rate: 2/s }
    inputTokens: { constant: 1000 }
    outputTokens: { constant: 100 }
    path: [api]
providers:
  api:
    model: { inputPerMillion: $2, outputPerMillion: $10 }
    latency: { ttft: { constant: 500ms }, tpot: { constant: 10ms } }
`;

it("systems of which one is refused calls are compared in the share of them, others are not", async () => {
  const limited = { "providers.api.limits": "{ law: tokenBucket, rpm: 60 }" };
  const plans = [planOf(hosted), planOf(hosted, limited, "limited"), planOf(hosted, {}, "same")];
  const simulated = await simulatePlans(plans, inlineRunner(new Map()));
  const found = differencesFromFirst(simulated).filter(({ metric }) => metric.includes("429"));
  expect(found).toEqual([
    expect.objectContaining({ to: "limited", metric: "api · calls refused (429)", unit: "share", significant: true }),
  ]);
  const [share] = simulated[1].replications.map(
    ({ summary: { meters } }) => meters.providers["api"].throttled / meters.providers["api"].calls,
  );
  expect(found[0].difference.low!).toBeLessThan(share);
  expect(found[0].difference.high!).toBeGreaterThan(share);
});
