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

it("what pairing gains is the variance of unpaired differences over that of the paired, and is large where systems meet the same requests", async () => {
  const queue = `
name: Queue
horizon: 10m
replications: 6
traffic:
  jobs:
    arrivals: { rate: 8/s }
    inputTokens: { constant: 1 }
    outputTokens: { constant: 1 }
    slo: ["total p90 < 500ms"]
    path: [desk]
pools:
  desk: { engine: { station: { servers: 1, service: { exponential: { mean: 100ms } } } }, replicas: 1, price: { perReplicaHour: $1 } }
`;
  const plans = [planOf(queue), planOf(queue, { "pools.desk.engine.station.service.exponential.mean": "99ms" }, "faster")];
  const simulated = await simulatePlans(plans, inlineRunner(new Map()));
  const found = differencesFromFirst(simulated);
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;
  const variance = (values: readonly number[]) => values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (values.length - 1);
  const [before, after] = simulated.map(({ replications }) => replications.map(({ summary }) => summary.classes["jobs"].attained[0]));
  const gain = found.find(({ metric }) => metric.includes("total p90 <"))!.varianceReduction!;
  expect(gain).toBeCloseTo((variance(before) + variance(after)) / variance(after.map((value, i) => value - before[i])), 9);
  expect(gain).toBeGreaterThan(5);
  // Both cost the same in every replication: there is no variance to reduce.
  expect(found.find(({ metric }) => metric === "cost")!.varianceReduction).toBeNull();
});
