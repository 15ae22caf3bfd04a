/**
 * The replica engine alone: requests per CPU-second with the moments of every request kept. One model copy, or eight behind least
 * outstanding, prompts of 512 tokens and answers of 256, Poisson arrivals at a share of what the replicas can serve.
 */
import { Streams } from "../../src/kernel/random.ts";
import { Simulation } from "../../src/kernel/simulation.ts";
import { type BatchSettings, ContinuousBatch } from "../../src/serving/replica/continuous-batch.ts";
import { Sequences } from "../../src/serving/replica/sequences.ts";
import { StepTime } from "../../src/serving/replica/step-time.ts";
import { Attempts } from "../../src/traffic/attempts.ts";
import { shippedEngine } from "../measured/shipped-engine.ts";
import { runPlainEngine } from "../serving/replica/plain-engine.ts";
import type { Case } from "./measure.ts";

export const inputTokens = 512;
export const outputTokens = 256;

/** The engine as it is, and the one of the tests that takes one iteration and one sequence at a time. */
export function replicaCases(): Case[] {
  const engine = benchedEngine();
  const cases: Case[] = [];
  for (const replicas of [1, 8]) {
    for (const load of [0.7, 0.95]) {
      for (const requests of [100_000, 1_000_000]) {
        const arrivals = poissonArrivals(requests, load * replicas * capacity(engine));
        const name = `${replicas === 1 ? "1 replica" : "8 replicas"}, ${load * 100} % of capacity, ${requests / 1000}k requests`;
        cases.push({ name, requests, run: () => serve(arrivals, engine, replicas) });
      }
    }
  }
  for (const load of [0.7, 0.95]) {
    const arrivals = poissonArrivals(plainRequests, load * capacity(engine));
    const name = `step by step: 1 replica, ${load * 100} % of capacity`;
    cases.push({ name, requests: plainRequests, counted: 1, run: () => servePlainly(arrivals, engine) });
  }
  return cases;
}

/** Few enough that one run takes seconds. */
const plainRequests = 2000;

export function benchedEngine(): BatchSettings {
  return { ...shippedEngine("llama-3.1-8b/h100/tp1")!, maxSequences: 256, maxBatchedTokens: 2048, blockSize: 16 };
}

/** Requests per second that one replica can serve: with a full batch, one joins and one leaves for every answer's worth of tokens. */
export function capacity({ stepTime, maxSequences }: BatchSettings): number {
  const joining = maxSequences / outputTokens;
  const read = joining * inputTokens;
  const kvTokens = maxSequences * (inputTokens + outputTokens / 2);
  return joining / new StepTime(stepTime).iteration(maxSequences + read, maxSequences, kvTokens, (joining * inputTokens * inputTokens) / 2);
}

/** Arrival times, in seconds. */
export function poissonArrivals(count: number, rate: number): Float64Array {
  const random = new Streams(1, 0).sequence("replica bench");
  const times = new Float64Array(count);
  let now = 0;
  for (let i = 0; i < count; i++) times[i] = now -= Math.log(1 - random.uniform()) / rate;
  return times;
}

/** Moments of every request, in seconds. */
interface Moments {
  readonly started: Float64Array;
  readonly first: Float64Array;
  readonly finished: Float64Array;
}

function serve(arrivals: Float64Array, settings: BatchSettings, replicas: number): Moments {
  const simulation = new Simulation();
  const attempts = new Attempts();
  const sequences = new Sequences(attempts);
  const count = arrivals.length;
  const [started, first, finished] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  const listener = {
    started: (attempt: number) => {
      started[attempts.request[attempt]] = simulation.now;
    },
    firstToken: (attempt: number) => {
      first[attempts.request[attempt]] = simulation.now;
    },
    finished: (attempt: number) => {
      finished[attempts.request[attempt]] = simulation.now;
      attempts.close(attempt);
    },
    spends: () => {},
    dropped: () => {},
  };
  const pool = Array.from(
    { length: replicas },
    () => new ContinuousBatch({ simulation, sequences, onCancel: "finish", listener }, settings),
  );
  let next = 0;
  const arrive = simulation.handler(() => {
    const request = next++;
    if (next < count) simulation.at(arrivals[next], arrive);
    let least = pool[0];
    for (let i = 1; i < replicas; i++) if (pool[i].outstanding < least.outstanding) least = pool[i];
    least.take(attempts.open(request, request, 0, 0, inputTokens, outputTokens));
  });
  simulation.at(arrivals[0], arrive);
  simulation.run(Number.MAX_VALUE);
  return { started, first, finished };
}

/** The same with the engine of the tests, which takes one iteration and one sequence at a time. */
function servePlainly(arrivals: Float64Array, settings: BatchSettings): Moments {
  const jobs = Array.from(arrivals, (arrivesAt) => ({
    arrivesAt,
    prompt: inputTokens,
    output: outputTokens,
    leavesAt: Infinity,
    withdrawnAt: Infinity,
  }));
  const { fates } = runPlainEngine(jobs, settings, "finish");
  return {
    started: Float64Array.from(fates, ({ startedAt }) => startedAt),
    first: Float64Array.from(fates, ({ firstTokenAt }) => firstTokenAt),
    finished: Float64Array.from(fates, ({ endedAt }) => endedAt),
  };
}
