import fc from "fast-check";
import { expect, it } from "vitest";
import { leastCost } from "../../../src/experiment/optimization/cost-bound.ts";
import { runReplication } from "../../../src/experiment/run.ts";
import { overflowing } from "../overflowing.ts";
import { scenarioOf } from "../systems.ts";

const prices = [
  "{ perReplicaHour: $4 }",
  "{ perReplicaHour: $4, reserved: { count: 2, perReplicaHour: $3 } }",
  "{ perReplicaHour: $4, spot: { count: 2, perReplicaHour: $1 } }",
  "{ perReplicaHour: $4, reserved: { count: 1, perReplicaHour: $2 }, spot: { perReplicaHour: $1 }, minimum: 5m }",
  "{ perReplicaHour: $4, billedFrom: ready }",
];
const warms = [
  "{ size: 0 }",
  "{ size: 2, state: paused }",
  "{ size: 1, state: stopped, perReplicaHour: $0.5 }",
  "{ size: 2, state: ready, perReplicaHour: $9 }",
];
const faults = ["{}", "{ crash: { every: 2m } }"];

it("no replication costs less than the least that was said of it before", () => {
  fc.assert(
    fc.property(
      fc.record({
        seed: fc.integer({ min: 1, max: 1000 }),
        min: fc.integer({ min: 1, max: 3 }),
        more: fc.integer({ min: 0, max: 3 }),
        price: fc.constantFrom(...prices),
        warm: fc.constantFrom(...warms),
        fault: fc.constantFrom(...faults),
        perHour: fc.constantFrom("$0", "$7"),
      }),
      ({ seed, min, more, price, warm, fault, perHour }) => {
        const scenario = scenarioOf(overflowing, {
          seed: String(seed),
          horizon: "3m",
          "traffic.chat.arrivals.rate": "10/s",
          "pools.gpus.replicas": `{ min: ${min}, max: ${min + more} }`,
          "pools.gpus.price": price,
          "pools.gpus.coldStart.resume": "{ stopped: { constant: 20s }, paused: { constant: 5s }, ready: { constant: 1s } }",
          "pools.gpus.warm": warm,
          "pools.gpus.faults": fault,
          "caches.answers.perHour": perHour,
          "providers.api.price": `{ perHour: ${perHour} }`,
        });
        const least = Object.values(leastCost(scenario)).reduce((sum, usd) => sum + usd, 0);
        const { summary } = runReplication(scenario, 0, new Map());
        expect(summary.money.total.usd_per_month).toBeGreaterThanOrEqual(least * (1 - 1e-9));
      },
    ),
    { numRuns: 40 },
  );
});

it("a fixed pool without a provider costs just its least", () => {
  const scenario = scenarioOf(overflowing, { "pools.gpus.replicas": "3", "pools.gpus.scaling": "{ fixed: { replicas: 3 } }" });
  const { summary } = runReplication(scenario, 0, new Map());
  expect(leastCost(scenario)["pools.gpus"]).toBeCloseTo(summary.money.pools["gpus"].total, 6);
});
