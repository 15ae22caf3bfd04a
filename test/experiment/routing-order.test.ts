import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { estimate } from "../../src/experiment/estimate.ts";
import { runReplication } from "../../src/experiment/run.ts";
import type { routers } from "../../src/serving/routing/registry.ts";
import { scenarioOf } from "./systems.ts";

const text = readFileSync("models/scenarios/routing.yaml", "utf8");
/** A third of the scenario's time still shows it. */
const smaller = { horizon: "23m", warmup: "3m" };

const summaryOf = (assignments: Readonly<Record<string, string>>, replication: number) =>
  runReplication(scenarioOf(text, { ...smaller, ...assignments }), replication, new Map()).summary.classes["questions"];

/** The total p99 of each replication, in seconds. */
const tails = (router: keyof typeof routers, replications: number): number[] =>
  Array.from({ length: replications }, (_, replication) => summaryOf({ "pools.gpus.routing": router }, replication).total_s.p99!);

it("routing.yaml: in total p99 the fewest outstanding is better than taking turns, and that better than drawing lots", () => {
  const [fewest, turns, lots] = [tails("leastOutstanding", 4), tails("roundRobin", 10), tails("random", 10)];
  const longer = (than: number[], tail: number[]) => estimate(than.map((seconds, replication) => tail[replication] - seconds));
  const [turnsOverFewest, lotsOverTurns] = [longer(fewest, turns), longer(turns, lots)];
  expect(turnsOverFewest.low!).toBeGreaterThan(0);
  expect(lotsOverTurns.low!).toBeGreaterThan(0);
  // Seconds of 24, not a difference that only statistics can see.
  expect(turnsOverFewest.mean).toBeGreaterThan(2);
});

it("routing.yaml: 54/s keep up with what comes, and when more come than eight replicas can serve it is 64/s that they do", () => {
  const measured = 20 * 60;
  const { offered, outcomes } = summaryOf({}, 0).counts;
  expect(outcomes.served / offered).toBeGreaterThan(0.99);
  const flooded = { "traffic.questions.arrivals.rate": "80/s", "pools.gpus.queue.capacity": "400" };
  const { served } = summaryOf(flooded, 0).counts.outcomes;
  expect(served / measured).toBeGreaterThan(62);
  expect(served / measured).toBeLessThan(66);
});
