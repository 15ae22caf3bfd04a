import { describe, expect, it } from "vitest";
import { expectRow, expectWithin, measuredPoint } from "./measured-point.ts";

/** A scenario of one static batching server, with the batch settings and arrivals given. */
const scenario = (staticBatch: string, arrivals: string, more = ""): string => `
name: Bulk service
seed: 1
horizon: 2h
warmup: 10m
replications: 20
traffic:
  jobs:
    arrivals: { ${arrivals} }
    inputTokens: { constant: 1 }
    outputTokens: { constant: 1 }
    path: [server]
pools:
  server:
    engine: { staticBatch: { ${staticBatch} } }
    replicas: 1
${more}`;

/**
 * Mean time in an M/M^[1,B]/1 system, where a free server takes up to B at once and a batch of any size takes 1/μ on average.
 * While it is busy, n wait with probability C·rⁿ: r in (0, 1) solves μ·r^(B+1) − (λ + μ)·r + λ = 0, since a state n ≥ 1 is left
 * at λ + μ and entered from n − 1 at λ and from n + B at μ. It is idle with μ·C/λ, and all sum to one.
 */
function bulkService(size: number, arrivalRate: number, serviceRate: number): number {
  const balance = (r: number): number => serviceRate * (r ** (size + 1) - r) + arrivalRate * (1 - r);
  // 1 is a root too; below the other root the balance is above zero, between the two below it.
  let [low, high] = [0, 1 - 1e-9];
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2;
    if (balance(middle) > 0) low = middle;
    else high = middle;
  }
  const scale = 1 / (serviceRate / arrivalRate + 1 / (1 - low));
  const waiting = (scale * low) / (1 - low) ** 2;
  return waiting / arrivalRate + 1 / serviceRate;
}

/** The same by brute force: the stationary probabilities of a chain cut off at many waiting, by sweeps until they no longer move. */
function bulkServiceByIteration(size: number, arrivalRate: number, serviceRate: number): number {
  const most = 400;
  const busy = new Float64Array(most + 1).fill(1 / (most + 2));
  let idle = 1 / (most + 2);
  for (let sweep = 0; sweep < 4000; sweep++) {
    idle = (serviceRate * busy[0]) / arrivalRate;
    for (let n = 0; n <= most; n++) {
      let inflow = arrivalRate * (n === 0 ? idle : busy[n - 1]);
      // The end of a batch leaves n waiting when n + B waited; fewer than B are all taken.
      for (let before = n === 0 ? 1 : n + size; before <= Math.min(most, n + size); before++) inflow += serviceRate * busy[before];
      busy[n] = inflow / (serviceRate + (n === most ? 0 : arrivalRate));
    }
    const whole = busy.reduce((sum, p) => sum + p, idle);
    idle /= whole;
    for (let n = 0; n <= most; n++) busy[n] /= whole;
  }
  return busy.reduce((sum, p, n) => sum + p * n, 0) / arrivalRate + 1 / serviceRate;
}

describe("bulk service in closed form", () => {
  it("of batches of one is the M/M/1 formula", () => {
    expect(bulkService(1, 0.8, 1)).toBeCloseTo(1 / (1 - 0.8), 9);
  });

  it("agrees with the chain's stationary probabilities, found without it", () => {
    expect(bulkService(4, 3, 1)).toBeCloseTo(bulkServiceByIteration(4, 3, 1), 6);
    expect(bulkService(2, 0.5, 1)).toBeCloseTo(bulkServiceByIteration(2, 0.5, 1), 6);
  });
});

describe("a static batch in the scenario format", () => {
  it("M/M^[1,4]/1: the mean time in system lies in the interval around the closed form", async () => {
    const point = await measuredPoint(scenario("size: 4, service: { exponential: { mean: 100ms } }", "rate: 32/s"));
    const { mean } = point.classes["jobs"].total_s;
    const exact = bulkService(4, 32, 10);
    expectWithin(mean!, exact);
    expectRow("M/M^[1,4]/1", mean!, exact);
  });

  it("batches of one are the M/M/1 queue, to the last byte", async () => {
    const batch = scenario("size: 1, service: { exponential: { mean: 100ms } }", "rate: 8/s").replace(
      "replications: 20",
      "replications: 2",
    );
    const station = batch.replace(/staticBatch: \{ size: 1,/, "station: {");
    expect(station).not.toBe(batch);
    expect((await measuredPoint(batch)).classes).toEqual((await measuredPoint(station)).classes);
  });

  it("saturated, its throughput is its size over the time of a full batch", async () => {
    // Eight in 40 ms + 8·5 ms: 100/s, of 150/s that come and leave when they have waited a second.
    const text = scenario("size: 8, service: { constant: 40ms }, perAttempt: 5ms", "rate: 150/s", "    queue: { maxWait: 1s }");
    const { served } = (await measuredPoint(text.replace("2h", "20m").replace("replications: 20", "replications: 2"))).classes["jobs"]
      .outcomes;
    expect(served.mean / 600).toBeGreaterThan(99.5);
    expect(served.mean / 600).toBeLessThanOrEqual(100.1);
  });
});
