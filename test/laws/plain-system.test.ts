import * as fc from "fast-check";
import { expect, it } from "vitest";
import { runReplication } from "../../src/experiment/run.ts";
import { serverNames } from "../../src/scenario/build.ts";
import type { Scenario } from "../../src/scenario/schema.ts";
import { outcomes } from "../../src/traffic/outcome.ts";
import { type Trace, traceDuration } from "../../src/traffic/trace.ts";
import { scenarioOf } from "../experiment/systems.ts";
import {
  type PlainClass,
  type PlainFate,
  type PlainPool,
  type PlainProvider,
  type PlainRequest,
  type PlainSystem,
  playPlainly,
} from "./plain-system.ts";

const cases = Number(process.env["HEADROOM_CASES"] ?? 500);

/** A feature that is off in half of the systems, so that every mix of features is met. */
const sometimes = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(of, { nil: undefined, freq: 2 });

/** Every time has an odd rest of its own, so that moments coincide only where the same things happened to two requests. */
const rests = Array.from({ length: 100 }, (_, i) => Math.sqrt(i + 2) % 1).filter((rest) => rest > 0);

const seconds = (rest: number, min: number, max: number): fc.Arbitrary<number> =>
  fc.integer({ min: min * 10, max: max * 10 }).map((tenths) => tidy(tenths / 10 + rests[rest] / 100));

const tidy = (value: number): number => Number(value.toFixed(9));

const poolOf = (i: number): fc.Arbitrary<PlainPool> => {
  const common = {
    name: fc.constant(`pool${i}`),
    kind: fc.constant("pool" as const),
    servers: fc.integer({ min: 1, max: 3 }),
    service: seconds(i, 0.1, 6),
    replicas: fc.integer({ min: 1, max: 4 }),
    capacity: sometimes(fc.nat(5)),
    maxWait: sometimes(seconds(10 + i, 0.2, 10)),
    onCancel: fc.constantFrom("finish" as const, "abort" as const),
  };
  const elastic = fc.record({
    min: fc.nat(1),
    coldStart: seconds(70 + i, 0.5, 15),
    metric: fc.constantFrom("concurrency" as const, "queueLength" as const),
    target: fc.integer({ min: 1, max: 6 }),
    every: seconds(80 + i, 0.5, 5),
    lag: fc.oneof(fc.constant(0), seconds(75 + i, 0, 12)),
    tolerance: fc.constantFrom(0, 0.2, 0.4),
    scaleDownAfter: seconds(85 + i, 0, 10),
  });
  return fc.oneof(
    fc.record({ ...common, routing: fc.constantFrom("roundRobin" as const, "leastOutstanding" as const) }),
    // Whose turn it is in a fleet that grows and shrinks is nowhere told, so there is no round robin.
    fc.record({ ...common, routing: fc.constant("leastOutstanding" as const), elastic }),
  );
};

const providerOf = (i: number): fc.Arbitrary<PlainProvider> =>
  fc.record({
    name: fc.constant(`provider${i}`),
    kind: fc.constant("provider" as const),
    ttft: seconds(15 + i, 0, 5),
    tpot: fc.oneof(
      { weight: 1, arbitrary: fc.constant(0) },
      { weight: 3, arbitrary: seconds(20 + i, 0, 6).map((time) => tidy(time / 10)) },
    ),
    fails: fc.constantFrom(false, false, false, true),
    limits: sometimes(
      fc.record({
        rpm: sometimes(fc.integer({ min: 6, max: 60 })),
        tpm: sometimes(fc.integer({ min: 100, max: 3000 })),
        burst: fc.oneof(seconds(25 + i, 10, 15), seconds(25 + i, 10, 60)),
        retryAfter: fc.constantFrom(true, true, false),
      }),
    ),
  });

const requestsOf = (rest: number): fc.Arbitrary<PlainRequest[]> =>
  fc
    .tuple(
      fc.constantFrom(1, 5, 20),
      fc.array(
        fc.record({
          gap: fc.nat(10),
          input: fc.integer({ min: 1, max: 40 }),
          output: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 30 })),
        }),
        { minLength: 2, maxLength: 30, size: "max" },
      ),
    )
    .map(([scale, rows]) => {
      let at = 0;
      // A trace starts with its first request; those without a gap come at the very same moment.
      return rows.map(({ gap, input, output }, i) => {
        if (i > 0 && gap > 0) at = tidy(at + (gap * scale) / 20 + rests[rest] / 100);
        return { at, input, output };
      });
    });

const classOf = (i: number, targets: readonly string[]): fc.Arbitrary<PlainClass> =>
  fc.record({
    name: fc.constant(`class${i}`),
    requests: requestsOf(30 + i),
    maxOutput: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined, freq: 2 }),
    cache: fc.option(
      fc.record({
        name: fc.constant(`cache${i}`),
        latency: fc.oneof(fc.constant(0), seconds(32 + i, 0, 2)),
        hits: fc.constantFrom(false, false, false, true),
      }),
      { nil: undefined, freq: 2 },
    ),
    first: fc.shuffledSubarray([...targets], { minLength: 1 }),
    client: fc
      .record({
        ttft: sometimes(seconds(34 + i, 0.5, 20)),
        total: sometimes(seconds(36 + i, 1, 60)),
        attemptTtft: sometimes(seconds(38 + i, 0.2, 12)),
        attemptTotal: sometimes(seconds(40 + i, 0.5, 20)),
        attempts: fc.integer({ min: 1, max: 5 }),
        backoff: fc.record({
          base: seconds(42 + i, 0.1, 3),
          factor: fc.constantFrom(1, 1.5, 2, 3),
          max: seconds(44 + i, 0.5, 8),
        }),
        retryAfterMax: fc.oneof(fc.constant(60), seconds(46 + i, 0, 10)),
        budget: sometimes(fc.record({ share: fc.constantFrom(0, 0.125, 0.25, 0.5, 1), burst: fc.constantFrom(1, 1.5, 2, 3, 10) })),
      })
      .filter(
        ({ ttft = Infinity, total = Infinity, attemptTtft = 0, attemptTotal = Infinity }) =>
          (ttft === Infinity || ttft <= total) &&
          attemptTtft <= Math.min(ttft, total, attemptTotal) &&
          (attemptTotal === Infinity || attemptTotal <= total),
      ),
  });

const system: fc.Arbitrary<PlainSystem> = fc.integer({ min: 1, max: 3 }).chain((count) =>
  fc
    .tuple(...Array.from({ length: count }, (_, i): fc.Arbitrary<PlainPool | PlainProvider> => fc.oneof(poolOf(i), providerOf(i))))
    .chain((targets) => {
      const names = targets.map(({ name }) => name);
      return fc.record({
        horizon: fc.oneof(fc.constant(2000), seconds(50, 5, 40)),
        classes: fc.oneof(fc.tuple(classOf(0, names)), fc.tuple(classOf(0, names), classOf(1, names))),
        targets: fc.constant(targets),
      });
    }),
);

const timeOf = (time: number | undefined): string | undefined => (time === undefined ? undefined : `${time}s`);
const per = (share: number): string => `${share * 100}%`;

function scenarioText({ horizon, classes, targets }: PlainSystem): string {
  const pools = targets.filter((target) => target.kind === "pool");
  const providers = targets.filter((target) => target.kind === "provider");
  const caches = classes.flatMap(({ cache }) => cache ?? []);
  return JSON.stringify({
    name: "Plain",
    horizon: `${horizon}s`,
    replications: 1,
    traffic: Object.fromEntries(classes.map((one) => [one.name, trafficOf(one)])),
    caches: Object.fromEntries(
      caches.map(({ name, latency, hits }) => [name, { kind: "exact", hitRate: hits ? "100%" : "0%", latency: timeOf(latency) }]),
    ),
    pools: Object.fromEntries(pools.map((one) => [one.name, poolText(one)])),
    providers: Object.fromEntries(providers.map((one) => [one.name, providerText(one)])),
  });
}

const trafficOf = ({ name, maxOutput, cache, first, client }: PlainClass): object => ({
  arrivals: { trace: name },
  maxOutput,
  client: {
    timeout: {
      ttft: timeOf(client.ttft),
      total: timeOf(client.total),
      attempt: { ttft: timeOf(client.attemptTtft), total: timeOf(client.attemptTotal) },
    },
    retry: {
      attempts: client.attempts,
      backoff: { base: timeOf(client.backoff.base), factor: client.backoff.factor, max: timeOf(client.backoff.max), jitter: "none" },
      retryAfterMax: timeOf(client.retryAfterMax),
      budget: client.budget && { share: per(client.budget.share), burst: client.budget.burst },
    },
  },
  path: [...(cache === undefined ? [] : [cache.name]), { first }],
});

const poolText = ({ servers, service, replicas, routing, capacity, maxWait, onCancel, elastic }: PlainPool): object => ({
  engine: { station: { servers, service: { constant: timeOf(service) } } },
  replicas: elastic === undefined ? replicas : { min: elastic.min, max: replicas },
  routing,
  queue: { capacity, maxWait: timeOf(maxWait) },
  onCancel,
  ...(elastic && {
    coldStart: { phases: { loading: { constant: timeOf(elastic.coldStart) } } },
    scaling: {
      targetTracking: {
        metric: elastic.metric,
        target: elastic.target,
        every: timeOf(elastic.every),
        lag: timeOf(elastic.lag),
        tolerance: per(elastic.tolerance),
        scaleDownAfter: timeOf(elastic.scaleDownAfter),
      },
    },
  }),
});

const providerText = ({ ttft, tpot, fails, limits }: PlainProvider): object => ({
  model: { inputPerMillion: "$1", outputPerMillion: "$1" },
  latency: { ttft: { constant: timeOf(ttft) }, tpot: { constant: timeOf(tpot) } },
  faults: { errorRate: fails ? "100%" : "0%" },
  limits: limits && { law: "tokenBucket", ...limits, burst: timeOf(limits.burst) },
});

function traceOf({ name, requests }: PlainClass): Trace {
  const time = Float64Array.from(requests, ({ at }) => at);
  return {
    name,
    count: requests.length,
    time,
    inputTokens: Int32Array.from(requests, ({ input }) => input),
    outputTokens: Int32Array.from(requests, ({ output }) => output),
    duration: traceDuration(time),
    hash: name,
  };
}

/** The same system through the public scenario format and the engine. */
function playForReal(given: PlainSystem): ReturnType<typeof playPlainly> {
  const scenario: Scenario = scenarioOf(scenarioText(given));
  const { recorder, summary } = runReplication(scenario, 0, new Map(given.classes.map((one) => [one.name, traceOf(one)])));
  const names = serverNames(scenario);
  const since = (moment: number, start: number): number | undefined => (Number.isNaN(moment) ? undefined : moment - start);
  const fates = Array.from({ length: recorder.count }, (_, i): PlainFate => {
    const arrivedAt = recorder.arrivedAt[i];
    return {
      className: given.classes[recorder.trafficClass[i]].name,
      arrivedAt,
      outcome: outcomes[recorder.outcome[i]],
      servedBy: names[recorder.servedBy[i]],
      attempts: recorder.attempts[i],
      ttft: since(recorder.firstTokenAt[i], arrivedAt),
      total: since(recorder.endedAt[i], arrivedAt),
    };
  });
  return { fates, meters: { ...summary.meters.providers } };
}

/** Equal to 1e-9 of the longer time since the run began, for that is how moments are rounded. */
function differs(a: number | undefined, b: number | undefined, moment: number): boolean {
  if (a === undefined || b === undefined) return a !== b;
  return Math.abs(a - b) > 1e-9 * Math.max(moment, a, b);
}

function sameFate(plain: PlainFate, real: PlainFate): boolean {
  const { ttft, total, ...rest } = plain;
  const { ttft: realTtft, total: realTotal, ...realRest } = real;
  return (
    JSON.stringify(rest) === JSON.stringify(realRest) &&
    !differs(ttft, realTtft, plain.arrivedAt) &&
    !differs(total, realTotal, plain.arrivedAt)
  );
}

it("every request meets the same fate as in a plain reading of the contract, and providers the same calls, refusals and tokens", () => {
  fc.assert(
    fc.property(system, (given) => {
      const [plain, real] = [playPlainly(given), playForReal(given)];
      expect(real.fates.length).toBe(plain.fates.length);
      plain.fates.forEach((fate, i) => {
        if (!sameFate(fate, real.fates[i])) expect({ request: i, ...real.fates[i] }).toEqual({ request: i, ...fate });
      });
      expect(real.meters).toEqual(plain.meters);
    }),
    { numRuns: cases, unbiased: true },
  );
});

it("these systems meet all outcomes, are served by everything there is, and call again", () => {
  const fates = fc.sample(system, { numRuns: 100, seed: 5 }).flatMap((given) => playPlainly(given).fates);
  expect(new Set(fates.map(({ outcome }) => outcome))).toEqual(new Set(outcomes));
  expect(new Set(fates.map(({ servedBy }) => servedBy?.replace(/\d/, "")))).toEqual(new Set(["cache", "pool", "provider", undefined]));
  expect(Math.max(...fates.map(({ attempts }) => attempts))).toBeGreaterThan(3);
});
