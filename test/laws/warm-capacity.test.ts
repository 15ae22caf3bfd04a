import * as fc from "fast-check";
import { mean, sampleStandardDeviation } from "simple-statistics";
import { expect, it } from "vitest";
import { runReplication } from "../../src/experiment/run.ts";
import { studentQuantile } from "../../src/experiment/student.ts";
import { scenarioOf } from "../experiment/systems.ts";

const seconds = (min: number, max: number) => fc.integer({ min, max }).map((value) => `${value}s`);

/** A fleet that must grow when traffic rises: how steeply, how slowly replicas start and resume, and how the pool scales and waits. */
const scenarios = fc.record({
  seed: fc.nat(1e6),
  rise: fc.integer({ min: 2, max: 6 }),
  servers: fc.integer({ min: 1, max: 4 }),
  engine: fc.constantFrom("exponential", "constant", "gamma"),
  coldStart: seconds(40, 240),
  resume: seconds(0, 20),
  state: fc.constantFrom("stopped", "paused", "ready"),
  metric: fc.constantFrom("concurrency", "queueLength"),
  every: seconds(5, 30),
  routing: fc.constantFrom("leastOutstanding", "roundRobin", "powerOfTwo"),
  perReplica: fc.boolean(),
  crash: fc.boolean(),
  size: fc.integer({ min: 0, max: 2 }),
  more: fc.integer({ min: 1, max: 3 }),
});

type Given = typeof scenarios extends fc.Arbitrary<infer Value> ? Value : never;

const replications = 6;

/** Share of the requests that were answered within 5 s, in each replication. */
function attainment(given: Given, warm: number): number[] {
  const { seed, rise, servers, engine, coldStart, resume, state, metric, every, routing, perReplica, crash } = given;
  const base = servers * 1.2;
  const law = { exponential: "{ exponential: { mean: 1s } }", constant: "{ constant: 1s }", gamma: "{ gamma: { mean: 1s, cv: 2 } }" }[
    engine
  ];
  const scenario = scenarioOf(`
name: warm capacity
seed: ${seed}
horizon: 20m
traffic:
  jobs:
    arrivals: { profile: [[0m, ${base}/s], [5m, ${base * rise}/s], [12m, ${base}/s]] }
    inputTokens: { constant: 1 }
    outputTokens: { constant: 1 }
    slo: ["total p95 < 5s"]
    client: { timeout: { total: 30s } }
    path: [pool]
pools:
  pool:
    engine: { station: { servers: ${servers}, service: ${law} } }
    replicas: { min: 2, max: 12 }
    warm: { size: ${warm}, state: ${state} }
    coldStart: { phases: { loading: { lognormal: { mean: ${coldStart}, cv: 0.4 } } }, resume: { ${state}: { constant: ${resume} } } }
    scaling: { targetTracking: { metric: ${metric}, target: ${metric === "concurrency" ? servers : servers / 4}, every: ${every} } }
    routing: ${routing}
    concurrency: ${perReplica ? `{ perReplica: ${servers} }` : "{}"}
    faults: ${crash ? "{ crash: { every: 10m } }" : "{}"}
`);
  return Array.from({ length: replications }, (_, i) => runReplication(scenario, i, new Map()).summary.classes["jobs"].attained[0]);
}

it("more warm capacity never lowers attainment beyond the interval of the paired difference, whatever the fleet", () => {
  let raised = 0;
  fc.assert(
    fc.property(scenarios, (given) => {
      const [fewer, more] = [attainment(given, given.size), attainment(given, given.size + given.more)];
      const differences = more.map((share, i) => share - fewer[i]);
      // So wide that chance alone would break it in one of ten thousand scenarios.
      const half = (studentQuantile(0.9999, replications - 1) * sampleStandardDeviation(differences)) / Math.sqrt(replications);
      expect(mean(differences)).toBeGreaterThanOrEqual(-half - 1e-9);
      if (differences.every((difference) => difference > 0.01)) raised++;
    }),
    { numRuns: 40 },
  );
  expect(raised).toBeGreaterThan(1);
});
