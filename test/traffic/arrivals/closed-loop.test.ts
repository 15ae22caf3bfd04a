import { expect, it } from "vitest";
import { inlineRunner } from "../../../src/experiment/runner.ts";
import { simulate } from "../../../src/experiment/simulate.ts";
import { Streams } from "../../../src/kernel/random.ts";
import { Simulation } from "../../../src/kernel/simulation.ts";
import { ClosedLoop } from "../../../src/traffic/arrivals/closed-loop.ts";
import { planOf } from "../../experiment/systems.ts";

const [serviceTime, thinkTime] = [0.5, 4];

const machines = (clients: number, servers: number): string => `
name: machine repair
seed: 2
horizon: 40m
warmup: 2m
replications: 12
traffic:
  machines:
    arrivals: { closedLoop: { clients: ${clients}, thinkTime: { exponential: { mean: ${thinkTime}s } } } }
    inputTokens: { constant: 1 }
    outputTokens: { constant: 1 }
    path: [repair]
pools:
  repair: { engine: { station: { servers: ${servers}, service: { exponential: { mean: ${serviceTime}s } } } }, replicas: 1 }
`;

/** Requests per second of M/M/c//N: its states by the number of machines that are down, each as likely as the product of rates says. */
function throughput(clients: number, servers: number): number {
  const weights = [1];
  for (let down = 1; down <= clients; down++) {
    weights.push((weights[down - 1] * (clients - down + 1) * serviceTime) / (thinkTime * Math.min(down, servers)));
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.reduce((sum, weight, down) => sum + (weight / total) * (Math.min(down, servers) / serviceTime), 0);
}

it("the throughput of one repairman is μ (1 − p0), and one machine alone goes round in a thought and a repair", () => {
  const empty = 1 / (1 + 2 * (serviceTime / thinkTime) + 2 * (serviceTime / thinkTime) * (serviceTime / thinkTime));
  expect(throughput(2, 1)).toBeCloseTo((1 - empty) / serviceTime, 12);
  expect(throughput(1, 1)).toBeCloseTo(1 / (thinkTime + serviceTime), 12);
});

it.each([
  [6, 1],
  [14, 1],
  [20, 2],
])("%i machines and %i repairmen: throughput, and by Little's law the time in repair, lie in their intervals", async (clients, servers) => {
  const plan = planOf(machines(clients, servers));
  const { result } = await simulate(plan, inlineRunner(new Map()), { version: "test", command: "test", traces: new Map() });
  const { offered, total_s } = result.points[0].classes["machines"];
  const expected = throughput(clients, servers);
  const measured = 38 * 60;
  expect(offered.low! / measured).toBeLessThan(expected);
  expect(offered.high! / measured).toBeGreaterThan(expected);
  expect((offered.high! - offered.low!) / measured).toBeLessThan(0.05 * expected);
  const inRepair = clients / expected - thinkTime;
  expect(total_s.mean!.low!).toBeLessThan(inRepair);
  expect(total_s.mean!.high!).toBeGreaterThan(inRepair);
});

/** Requests, before so many seconds, of clients that do not think; so many end as they arrive before one takes a second. */
function sentWithin(seconds: number, clients: number, atOnce: number): number {
  const simulation = new Simulation();
  let sent = 0;
  const later = simulation.handler(() => loop.ended());
  const send = (): void => {
    sent++;
    if (sent % (atOnce + 1) === 0) simulation.after(1, later);
    else loop.ended();
  };
  const loop = new ClosedLoop("chat", { clients, thinkTime: 0 }, 1, simulation, new Streams(1, 0).sequence("thoughts"), send);
  loop.start();
  simulation.runBefore(seconds);
  return sent;
}

it("requests without end at one instant are a mistake, and many of them are not", () => {
  expect(() => sentWithin(1, 3, Infinity)).toThrow(/^traffic\.chat\.arrivals\.closedLoop\.thinkTime: time stands still at 0 s/);
  expect(sentWithin(3, 1000, 500)).toBe(3 * 501_000);
  expect(sentWithin(1, 20_000, 60)).toBe(1_220_000);
});
