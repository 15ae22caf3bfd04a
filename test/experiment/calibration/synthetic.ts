import { inferenceMax, simulateClosedLoop } from "../../../src/experiment/calibration/closed-loop.ts";
import type { BenchmarkRow, MeasuredRequest } from "../../../src/experiment/calibration/measurements.ts";
import { replay } from "../../../src/experiment/calibration/replay.ts";
import { normalQuantile } from "../../../src/kernel/normal.ts";
import { Streams } from "../../../src/kernel/random.ts";
import type { BatchSettings } from "../../../src/serving/replica/continuous-batch.ts";
import { noTime } from "../../serving/replica/coefficients.ts";

/** The engine that made the data, and one that a user might start from. */
export const truth: BatchSettings = {
  stepTime: {
    ...noTime,
    overhead: 0.002,
    denseFloor: 0.01,
    denseBase: 0.006,
    densePerToken: 35e-6,
    perSequence: 60e-6,
    perKvToken: 0.1e-6,
    perPrefillPair: 3e-9,
  },
  maxSequences: 128,
  maxBatchedTokens: 2048,
  kvBlocks: 30_000,
  blockSize: 16,
  chunkedPrefill: true,
};

export const guess: BatchSettings = {
  ...truth,
  stepTime: { ...truth.stepTime, overhead: 0.003, densePerToken: 27e-6, perSequence: 40e-6, perKvToken: 0.15e-6, perPrefillPair: 4.5e-9 },
};

const noise = 0.02;

/** Requests as a client would have measured them, each time off by 2 % or so. */
export function measuredRequests(count: number, replication: number, rate = 4): MeasuredRequest[] {
  const random = new Streams(11, replication).sequence("synthetic requests");
  const normal = () => normalQuantile(Math.max(1e-9, random.uniform()));
  let now = 0;
  const requests = Array.from({ length: count }, () => {
    now -= Math.log(1 - random.uniform()) / rate;
    const inputTokens = Math.min(12_000, Math.floor(50 + Math.exp(6 + 1.2 * normal())));
    return { arrivedAt: now, inputTokens, outputTokens: Math.floor(20 + 400 * random.uniform()) };
  });
  const { ttft, total } = replay(requests, truth);
  return requests.map((request, i) => {
    const first = ttft[i] * Math.exp(noise * normal());
    return Object.assign(request, { ttft: first, total: first + (total[i] - ttft[i]) * Math.exp(noise * normal()) });
  });
}

/** Rows as a benchmark would have printed them. */
export function benchmarkRows(concurrencies: readonly number[], lengths: readonly (readonly [number, number])[]): BenchmarkRow[] {
  const random = new Streams(12, 0).sequence("synthetic rows");
  const blurred = (time: number) => time * Math.exp(0.005 * normalQuantile(Math.max(1e-9, random.uniform())));
  return lengths.flatMap(([inputTokens, outputTokens]) =>
    concurrencies.map((concurrency) => {
      const loop = { concurrency, inputTokens, outputTokens };
      const { ttft, tpot } = simulateClosedLoop(loop, truth, 2, inferenceMax);
      return Object.assign(loop, { measured: { ttft: blurred(ttft), tpot: blurred(tpot) } });
    }),
  );
}
