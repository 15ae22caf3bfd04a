import * as fc from "fast-check";
import { ExactCache } from "../../src/cache/exact-cache.ts";
import { lookupOf } from "../../src/scenario/lookups.ts";
import { exactCacheSettings } from "../../src/cache/exact-cache-settings.ts";
import type { Client } from "../../src/client/client.ts";
import { clientSettings } from "../../src/client/client-settings.ts";
import { dispatch, dispatchFromCache } from "../../src/client/dispatch.ts";
import { Streams } from "../../src/kernel/random.ts";
import { Simulation } from "../../src/kernel/simulation.ts";
import { Provider } from "../../src/provider/provider.ts";
import { providerSettings } from "../../src/provider/provider-settings.ts";
import { Quota } from "../../src/provider/quota.ts";
import { Pool } from "../../src/serving/pool.ts";
import { poolSettings } from "../../src/serving/pool-settings.ts";
import { routerNames } from "../../src/serving/routing/registry.ts";
import { Sequences } from "../../src/serving/replica/sequences.ts";
import { RecordedTime } from "../../src/experiment/recorded-time.ts";
import { causes } from "../../src/traffic/cause.ts";
import { Attempts } from "../../src/traffic/attempts.ts";
import { Requests } from "../../src/traffic/requests.ts";
import type { AttemptListener, Target } from "../../src/traffic/target.ts";
import { clientOf } from "../client/client-of.ts";

/** A feature that is off in half of the systems, so that every mix of features is met. */
const sometimes = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(of, { nil: undefined, freq: 2 });

const seconds = (min: number, max: number): fc.Arbitrary<string> =>
  fc.integer({ min: min * 10, max: max * 10 }).map((tenths) => `${tenths / 10}s`);

const engine = fc.oneof(
  fc.record({
    stepTime: fc.record({ overhead: seconds(0.1, 2), densePerToken: seconds(0, 0.1), perKvToken: seconds(0, 0.1) }),
    maxSequences: fc.integer({ min: 1, max: 6 }),
    maxBatchedTokens: fc.integer({ min: 4, max: 64 }),
    kvBlocks: fc.integer({ min: 4, max: 30 }),
    blockSize: fc.constantFrom(1, 4, 16),
    chunkedPrefill: fc.boolean(),
  }),
  fc.record({
    staticBatch: fc.record({
      size: fc.integer({ min: 1, max: 5 }),
      wait: seconds(0, 3),
      service: fc.constant({ exponential: { mean: "2s" } }),
      perOutputToken: seconds(0, 0.2),
    }),
  }),
  fc.record({ station: fc.record({ servers: fc.integer({ min: 1, max: 3 }), service: fc.constant({ exponential: { mean: "3s" } }) }) }),
);

const pool = fc.record(
  {
    engine,
    replicas: fc.integer({ min: 1, max: 3 }),
    routing: fc.constantFrom(...routerNames),
    queue: fc.record({ capacity: fc.nat(5), maxWait: seconds(0.5, 20) }, { requiredKeys: [] }),
    onCancel: fc.constantFrom("finish", "abort"),
    elastic: sometimes(
      fc.record({ min: fc.nat(1), coldStart: seconds(0, 30), warm: fc.nat(2), every: seconds(1, 10), lag: seconds(0, 20) }),
    ),
  },
  { requiredKeys: ["engine", "replicas", "routing", "onCancel"] },
);

const provider = fc.record(
  {
    ttft: seconds(0, 5),
    limits: fc.record({ rpm: fc.integer({ min: 1, max: 60 }), tpm: fc.integer({ min: 100, max: 5000 }), retryAfter: fc.boolean() }),
    errorRate: fc.constantFrom("10%", "60%", "100%"),
    outages: fc.record({ at: fc.tuple(seconds(0, 60)), lasts: seconds(0.1, 20), effect: fc.constantFrom("fail", "hang") }),
    saturation: fc.record({ above: fc.integer({ min: 1, max: 4 }) }),
  },
  { requiredKeys: ["ttft"] },
);

const client = fc.record(
  {
    timeout: fc
      .record(
        {
          ttft: seconds(0.1, 10),
          total: seconds(10, 40),
          attempt: fc.record({ ttft: seconds(0.1, 5), total: seconds(0.1, 20) }, { requiredKeys: [] }),
        },
        { requiredKeys: [] },
      )
      .filter((timeout) => clientSettings.safeParse({ timeout }).success),
    retry: fc.record({ attempts: fc.integer({ min: 1, max: 4 }), budget: fc.constantFrom("5%", "50%") }, { requiredKeys: ["attempts"] }),
  },
  { requiredKeys: [] },
);

const ratedCache = fc.record({ hitRate: fc.constantFrom("30%", "100%"), latency: seconds(0, 2) });
const keyedCache = fc.record(
  {
    keys: fc.constantFrom(1, 2, 5).map((count) => ({ zipf: { exponent: 1, count } })),
    latency: seconds(0, 2),
    coalesce: fc.boolean(),
    capacity: fc.constantFrom(1, 2),
    ttl: seconds(1, 20),
    invalidateAt: fc.constant(["5s", "12s"]),
  },
  { requiredKeys: ["keys", "latency"] },
);

/** Small systems of every kind, with few requests. */
export const system = fc.record({
  seed: fc.nat(),
  targets: fc.array(fc.oneof(fc.record({ pool }), fc.record({ provider })), { minLength: 1, maxLength: 3 }),
  cache: sometimes(fc.oneof(ratedCache, keyedCache)),
  client,
  requests: fc.array(
    fc.record({
      gap: fc.oneof(fc.constant(0), fc.nat(20)),
      input: fc.integer({ min: 1, max: 40 }),
      output: fc.integer({ min: 1, max: 30 }),
    }),
    {
      minLength: 1,
      maxLength: 40,
    },
  ),
});

export type System = typeof system extends fc.Arbitrary<infer Value> ? Value : never;

/** A target that counts what goes in and comes out of the one behind it. */
class Counted implements Target {
  readonly name = "counted";
  sent = 0;
  ended = 0;
  target: Target | undefined;

  send(attempt: number): void {
    this.sent++;
    this.target!.send(attempt);
  }

  abandon(attempt: number): void {
    this.target!.abandon(attempt);
  }
}

const counting = (counted: Counted, listener: AttemptListener): AttemptListener => ({
  spends: (attempt, cause) => listener.spends(attempt, cause),
  firstToken: (attempt) => listener.firstToken(attempt),
  ended(attempt, ending, retryAfter) {
    counted.ended++;
    listener.ended(attempt, ending, retryAfter);
  },
});

function poolOf(
  given: Record<string, unknown> & { elastic?: { min: number; coldStart: string; warm: number; every: string; lag: string } | undefined },
) {
  const { elastic, ...plain } = given;
  if (elastic === undefined) return poolSettings.parse(plain);
  const { min, coldStart, warm, every, lag } = elastic;
  return poolSettings.parse({
    ...plain,
    replicas: { min, max: 4 },
    coldStart: { phases: { loading: { constant: coldStart } }, resume: { paused: { constant: "1s" } } },
    warm: { size: warm },
    scaling: { targetTracking: { metric: "concurrency", target: 2, every, lag, scaleDownAfter: "20s" } },
  });
}

/** Wires the system, runs it until all is over, and tells how each request ended and what is left behind. */
export function play({ seed, targets, cache, client: ofClient, requests: planned }: System) {
  const simulation = new Simulation();
  const streams = new Streams(seed, 0);
  const requests = new Requests();
  const attempts = new Attempts();
  const sequences = new Sequences(attempts);
  const clients: Client[] = [];
  const listener = dispatch(simulation, requests, attempts, clients);
  const pools: Pool[] = [];
  const measurement = { warmup: 0, horizon: 1e5, window: 1e4 };
  const counted = targets.map((given, i) => {
    const counter = new Counted();
    const heard = counting(counter, listener);
    if ("pool" in given) {
      pools.push(new Pool(`pool${i}`, simulation, sequences, poolOf(given.pool), streams, measurement, heard, () => 0));
      counter.target = pools.at(-1);
    } else {
      const { ttft, limits, ...faults } = given.provider;
      const settings = providerSettings.parse({
        model: { inputPerMillion: "$1", outputPerMillion: "$1" },
        latency: { ttft: { constant: ttft }, tpot: { exponential: { mean: "100ms" } } },
        ...(limits === undefined ? {} : { limits: { law: "tokenBucket", ...limits } }),
        faults,
      });
      const quota = settings.limits && new Quota(settings.limits, { stream: `provider${i}`, simulation, streams });
      counter.target = new Provider(`provider${i}`, simulation, attempts, settings, quota, streams, measurement, heard);
    }
    return counter;
  });
  const told = dispatchFromCache(requests, clients);
  const given = cache === undefined ? [] : [exactCacheSettings.parse({ kind: "exact", ...cache })];
  const caches = given.map((one) => lookupOf(new ExactCache("cache", one, simulation, streams, measurement, told)));
  const settings = clientSettings.parse(ofClient);
  const ended: {
    request: number;
    outcome: number;
    servedBy: number;
    arrivedAt: number;
    firstTokenAt: number;
    endedAt: number;
    attempts: number;
    seconds: Float64Array;
  }[] = [];
  clientOf({
    simulation,
    requests,
    attempts,
    clients,
    caches,
    targets: counted,
    settings: ofClient,
    streams,
    end: (request, outcome, servedBy, firstTokenAt, endedAt) => {
      const arrivedAt = requests.arrivedAt[request];
      const time = new RecordedTime();
      time.resize(1);
      time.record(0, requests.time, request, endedAt);
      const spent = new Float64Array(causes.length);
      time.addTo(spent, 0);
      ended.push({
        request: requests.ordinal[request],
        outcome,
        servedBy,
        arrivedAt,
        firstTokenAt,
        endedAt,
        attempts: requests.attempts[request],
        seconds: spent,
      });
    },
  });
  const arrive = simulation.handler((i) => clients[0].arrive(requests.open(0, simulation.now, planned[i].input, planned[i].output)));
  let at = 0;
  planned.forEach(({ gap }, i) => simulation.at((at += gap / 2), arrive, i));
  simulation.run(20_000);
  return { ended, requests, attempts, pools, counted, settings };
}
