import { describe, expect, it } from "vitest";
import { PoolDriver, poisson, type Visit } from "./pool-driver.ts";

const replications = 20;
const arrivals = 15_000;

/** Mean over replications of a statistic of the visits after the first tenth, and its standard error. */
function estimate(settings: unknown, rate: number, statistic: (visits: readonly Visit[]) => number): { mean: number; error: number } {
  const found = Array.from({ length: replications }, (_, replication) => {
    const driver = new PoolDriver(settings, replication);
    poisson(driver, rate, arrivals, 1000 + replication);
    return statistic(driver.run().visits.slice(arrivals / 10));
  });
  const mean = found.reduce((sum, value) => sum + value, 0) / replications;
  const variance = found.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (replications - 1);
  return { mean, error: Math.sqrt(variance / replications) };
}

const meanStay = (visits: readonly Visit[]): number =>
  visits.reduce((sum, { arrivedAt, endedAt }) => sum + endedAt - arrivedAt, 0) / visits.length;
const shedShare = (visits: readonly Visit[]): number => visits.filter(({ ending }) => ending === "shed").length / visits.length;

const station = (servers: number, service: unknown, queue: unknown = {}): unknown => ({
  engine: { station: { servers, service } },
  replicas: 1,
  queue,
});
const exponential = { exponential: { mean: "1s" } };

/** Probability of each number in a system of exponential servers, which arrivals find (PASTA); `places` may be Infinity for c servers and a line. */
function probabilities(load: number, servers: number, places: number): number[] {
  const weights = [1];
  for (let n = 1; n <= Math.min(places, 2000); n++) weights.push((weights[n - 1] * load) / Math.min(n, servers));
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / whole);
}

/** Mean stay by Little's law, at a service rate of one. */
function meanStayOf(load: number, servers: number): number {
  return probabilities(load, servers, Infinity).reduce((sum, p, n) => sum + p * n, 0) / load;
}

function expectEstimate({ mean, error }: { mean: number; error: number }, exact: number, precision = 0.02): void {
  // The estimate must be precise, and the closed form within four and a half standard errors of it.
  expect(error / exact).toBeLessThan(precision);
  expect(Math.abs(mean - exact)).toBeLessThan(4.5 * error);
}

describe("a station is a queue of the textbooks", () => {
  it("M/M/1: mean stay 1 / (μ − λ)", () => {
    expect(meanStayOf(0.7, 1)).toBeCloseTo(1 / 0.3, 9);
    expectEstimate(estimate(station(1, exponential), 0.7, meanStay), 1 / 0.3);
  });

  it("M/M/3: mean stay by Erlang's formula", () => {
    expectEstimate(estimate(station(3, exponential), 2.4, meanStay), meanStayOf(2.4, 3));
  });

  it("M/D/1: mean wait ρ / (2μ(1 − ρ))", () => {
    expectEstimate(estimate(station(1, { constant: "1s" }), 0.7, meanStay), 1 + 0.7 / (2 * 0.3));
  });

  it.each([
    [1, 0],
    [3, 0],
    [3, 4],
  ])("M/M/%d with %d waiting places: share of arrivals that are shed", (servers, places) => {
    const exact = probabilities(1.1 * servers, servers, servers + places).at(-1)!;
    expectEstimate(estimate(station(servers, exponential, { capacity: places }), 1.1 * servers, shedShare), exact);
  });

  it("M/D/1 again, with a replica whose every answer takes one iteration", () => {
    const engine = { stepTime: { overhead: "1s" }, maxSequences: 1, kvBlocks: 10 };
    expectEstimate(estimate({ engine, replicas: 1 }, 0.7, meanStay), 1 + 0.7 / (2 * 0.3));
  });

  it("batch service: a replica that takes all who wait into one iteration leaves nobody longer than two of them", () => {
    const engine = { stepTime: { overhead: "1s" }, maxSequences: 1000, kvBlocks: 10_000 };
    const driver = new PoolDriver({ engine, replicas: 1 });
    poisson(driver, 5, arrivals, 3);
    const stays = driver.run().visits.map(({ arrivedAt, endedAt }) => endedAt - arrivedAt);
    expect(Math.min(...stays)).toBeGreaterThanOrEqual(1 - 1e-9);
    expect(Math.max(...stays)).toBeLessThanOrEqual(2 + 1e-9);
    // Someone starts the first iteration after an idle time; everybody else waits half an iteration on average.
    const busyShare = driver.pool.fleet.members[0].replica.busySeconds(driver.simulation.now) / driver.visits.at(-1)!.endedAt;
    expect(stays.reduce((sum, stay) => sum + stay, 0) / arrivals).toBeCloseTo(1 + 0.5 * busyShare, 1.5);
  });
});
