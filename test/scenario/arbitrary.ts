import fc from "fast-check";
import { routerNames } from "../../src/serving/routing/registry.ts";
import { priorities } from "../../src/traffic/priority.ts";
import { chain, client, gateway } from "./arbitrary-client.ts";

/** Values of a scenario as they stand in the file, valid in themselves and together; features are switched off at random. */
const duration = fc.oneof(
  fc.integer({ min: 1, max: 100_000 }).map((n) => `${n}ms`),
  fc.integer({ min: 1, max: 5000 }).map((n) => `${n / 8}s`),
  fc.integer({ min: 1, max: 90 }).map((n) => `${n}m`),
);
const count = fc.oneof(
  fc.integer({ min: 1, max: 9000 }),
  fc.integer({ min: 1, max: 90 }).map((n) => `${n}k`),
);
const share = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.integer({ min: 0, max: 1000 }).map((n) => `${n / 10}%`),
);
const money = fc.integer({ min: 0, max: 100_000 }).map((cents) => `$${cents / 100}`);
const rate = fc.oneof(
  fc.integer({ min: 1, max: 500 }).map((n) => `${n}/s`),
  fc.integer({ min: 1, max: 500 }).map((n) => `${n}/h`),
);
const factor = fc.double({ min: 0.1, max: 9, noNaN: true });

type Values = fc.Arbitrary<unknown>;

function distribution(quantity: Values, deep = true): Values {
  const simple: Values[] = [
    fc.record({ constant: quantity }),
    fc.record({ exponential: fc.record({ mean: quantity }) }),
    fc.record({ gamma: fc.record({ mean: quantity, cv: factor }) }),
    fc.record({ weibull: fc.record({ mean: quantity, cv: factor }) }),
    fc.record({ lognormal: fc.record({ mean: quantity, cv: factor }), max: quantity }, { requiredKeys: ["lognormal"] }),
    fc.record({ empirical: fc.array(quantity, { minLength: 1, maxLength: 4 }) }),
  ];
  if (!deep) return fc.oneof(...simple);
  const part = fc.record({ weight: factor, of: distribution(quantity, false) });
  return fc.oneof(...simple, fc.record({ mixture: fc.array(part, { minLength: 1, maxLength: 3 }) }));
}

const optional = (shape: Record<string, Values>, required: string[] = []) => fc.record(shape, { requiredKeys: required });

const objective = fc.constantFrom(
  "ttft p95 < 2s",
  "total p99.9 < 5m",
  "tpot p50 < 80ms",
  "success >= 99.5%",
  "cost < $40k/month",
  "cost < $1.5M/month",
);

const stepTime = optional({ overhead: duration, denseFloor: duration, perKvToken: fc.constantFrom("0.14us", "9ns") }, ["overhead"]);
const llm = optional({ gpu: fc.constant("h100"), gpus: fc.integer({ min: 1, max: 8 }), stepTime, kvBlocks: count, maxSequences: count }, [
  "gpu",
  "stepTime",
  "kvBlocks",
]);
const station = fc.record({
  gpu: fc.constant("h100"),
  station: optional({ servers: count, service: distribution(duration) }, ["service"]),
});
const staticBatch = fc.record({
  gpu: fc.constant("h100"),
  staticBatch: optional(
    {
      size: fc.integer({ min: 1, max: 64 }),
      wait: duration,
      service: distribution(duration),
      perAttempt: fc.constant("1ms"),
      perOutputToken: duration,
    },
    ["size", "perAttempt"],
  ),
});

const pool = optional(
  {
    engine: fc.oneof(llm, station, staticBatch, fc.constant("llama/h100"), fc.constant({ extends: "llama/h100", maxSequences: 64 })),
    replicas: fc.integer({ min: 1, max: 100 }),
    coldStart: fc.oneof(
      fc.constant("kubernetes"),
      fc.record({ phases: optional({ pulling: distribution(duration), warming: distribution(duration) }) }),
    ),
    routing: fc.oneof(
      fc.constantFrom(...routerNames),
      optional({ prefixAffinity: optional({ overload: fc.constantFrom(1, 2.5) }), staleness: duration }, ["prefixAffinity"]),
    ),
    queue: fc.oneof(
      optional({ capacity: count, maxWait: duration, shedAbove: optional({ low: fc.constant("50%"), normal: fc.constant("80%") }) }, [
        "capacity",
      ]),
      fc.record({ sojourn: fc.constant({ target: "500ms", interval: "10s" }) }),
    ),
    concurrency: optional({ perReplica: count }),
    drain: optional({ deadline: duration }),
    faults: optional({
      stockOut: optional(
        { every: fc.constantFrom("1h", "14d"), lasts: fc.constantFrom("90s", "2h"), effect: fc.constantFrom("wait", "fail") },
        ["every", "lasts"],
      ),
      crash: fc.record({ every: fc.constantFrom("10m", "30d") }),
      zoneLoss: optional({ zones: fc.integer({ min: 1, max: 5 }), at: fc.constant(["1h", "3h"]), lasts: fc.constant("40m") }, [
        "at",
        "lasts",
      ]),
      slowReplica: optional({ share, speed: fc.constantFrom("60%", 1) }, ["share"]),
    }),
    onCancel: fc.constantFrom("finish", "abort"),
    price: fc.oneof(
      fc.constant("cloud"),
      fc.record({ perReplicaHour: money }),
      optional(
        {
          perReplicaHour: money,
          reserved: fc.record({ count, perReplicaHour: money }),
          spot: optional({ count, perReplicaHour: money }, ["perReplicaHour"]),
          minimum: duration,
          billedFrom: fc.constantFrom("pulling", "ready"),
        },
        ["perReplicaHour"],
      ),
    ),
  },
  ["engine", "replicas"],
);

const cache = { kind: fc.constant("exact"), deterministicShare: share, latency: duration, perHour: money };

const burst = fc.constantFrom("60s", "2.5m");
const weights = { inputWeight: factor, cachedWeight: factor, outputWeight: factor };
const refused = { refusedCount: fc.boolean(), retryAfter: fc.boolean() };
const estimated = { ...weights, ...refused, defaultMaxOutput: fc.constantFrom(64_000, "128k") };
const kept = { ...estimated, estimate: fc.constantFrom("sum", "larger") };
const settled = { ...estimated, reservedOutputWeight: factor, cachedReserved: fc.boolean() };

const limit = fc.oneof(
  optional({ law: fc.constant("tokenBucket"), rpm: count, tpm: count, retryAfter: fc.boolean(), burst }, ["law"]),
  optional({ law: fc.constant("fixedWindow"), rpm: count, tpm: count, window: burst, ...kept }, ["law", "tpm", "defaultMaxOutput"]),
  optional({ law: fc.constant("subWindow"), rpm: count, window: fc.constantFrom("1s", "10s"), ...kept }, ["law", "rpm", "window"]),
  optional({ law: fc.constant("reserveSettle"), rpm: count, tpm: count, burst, ...settled }, ["law", "tpm", "defaultMaxOutput"]),
  optional({ law: fc.constant("streaming"), rpm: count, tpm: count, burst, ...weights }, ["law", "tpm"]),
  optional(
    {
      law: fc.constant("utilisation"),
      units: fc.integer({ min: 1, max: 90 }).map((steps) => 5 * steps),
      sold: optional({ regional: fc.constant({ min: 5, step: 5 }), global: fc.constant({ min: "1k", step: 50 }) }, ["regional"]),
      tokensPerMinutePerUnit: count,
      burst,
      outputWeight: fc.constant(0),
    },
    ["law", "units", "tokensPerMinutePerUnit", "outputWeight"],
  ),
  optional({ law: fc.constant("exogenous"), every: duration, lasts: duration, refused: share, retryAfter: fc.boolean() }, [
    "law",
    "every",
    "lasts",
    "refused",
  ]),
  optional({ law: fc.constant("acceleration"), rpm: count, window: burst, growth: fc.constantFrom(1, 1.5), ...weights }, [
    "law",
    "rpm",
    "growth",
  ]),
);

const limits = fc.oneof(limit, fc.array(limit, { minLength: 1, maxLength: 3 }), optional({ input: limit, law: limit }, ["law"]));

const provider = fc.oneof(...["limits", "quota"].map((guard) => providerWith(guard)));

function providerWith(guard: string): Values {
  return optional(
    {
      model: fc.oneof(
        fc.constant("gpt-small"),
        optional(
          {
            inputPerMillion: money,
            outputPerMillion: money,
            cachedInputPerMillion: money,
            cacheWritePerMillion: money,
            above: fc.record({ tokens: count, inputPerMillion: money, outputPerMillion: money }),
          },
          ["inputPerMillion", "outputPerMillion"],
        ),
      ),
      price: fc.record({ perHour: money }),
      latency: optional(
        {
          ttft: distribution(duration),
          tpot: distribution(duration),
          perInputToken: duration,
          hours: fc.constant([
            ["0h", 1],
            ["9h", 1.4],
          ]),
        },
        ["ttft", "tpot"],
      ),
      [guard]: guard === "quota" ? fc.constant("account") : limits,
      promptCache: optional({ minPrefix: count, step: fc.integer({ min: 1, max: 128 }), ttl: duration }),
      faults: optional({
        errorRate: share,
        outages: optional({ at: fc.constant(["10m"]), lasts: duration, effect: fc.constantFrom("fail", "hang") }, ["at", "lasts"]),
        brownOuts: optional({ every: fc.constant("1h"), lasts: duration, slower: fc.constantFrom(2, 3.5), errorRate: share }, [
          "every",
          "lasts",
          "slower",
        ]),
        overload: fc.record({ every: fc.constant("6h"), lasts: duration, refused: share }),
        saturation: optional({ above: count, refused: share }, ["above"]),
      }),
    },
    ["model", "latency"],
  );
}

const asked = fc.oneof(
  optional({ client: client([]), path: fc.tuple(chain) }, ["path"]),
  optional({ client: client(["answers"]), path: fc.tuple(fc.constant("answers"), chain) }, ["path"]),
);

const chat = optional(
  {
    arrivals: fc.oneof(
      optional({ rate, cv: factor, rateScale: factor }, ["rate"]),
      optional({ trace: fc.constant("day.csv"), rateScale: factor }, ["trace"]),
      optional(
        {
          profile: fc.constant([
            ["0h", "1/s"],
            ["2h", "3/s"],
          ]),
          repeat: fc.constant("4h"),
          cv: factor,
        },
        ["profile"],
      ),
    ),
    inputTokens: distribution(count),
    outputTokens: distribution(count),
    priority: fc.constantFrom(...priorities),
    maxOutput: fc.integer({ min: 41, max: 5000 }),
    sharedPrefix: fc.oneof(optional({ tokens: count, groups: count }, ["tokens"]), fc.record({ share: fc.constantFrom("0.1%", "60%", 1) })),
    conversation: optional(
      {
        turns: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constant({ exponential: { mean: 4.5 } })),
        thinkTime: fc.oneof(duration, distribution(duration)),
        firstPrompt: distribution(count),
        mostTokens: fc.constant("200k"),
      },
      ["turns", "thinkTime"],
    ),
    slo: fc.array(objective, { maxLength: 4 }),
  },
  ["arrivals", "inputTokens", "outputTokens"],
);

/** A valid scenario as a plain value. */
export const scenario = optional(
  {
    name: fc.string({ minLength: 1, unit: "grapheme" }),
    seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
    horizon: fc.constantFrom("3h", "1d", "0.5h"),
    warmup: fc.constantFrom("0s", "10m", 0),
    replications: fc.integer({ min: 1, max: 1000 }),
    traffic: fc.record({ chat: fc.tuple(chat, asked).map(([own, rest]) => Object.assign({}, own, rest)) }),
    gateways: fc.record({ front: gateway }),
    caches: fc.record({
      answers: fc.oneof(
        optional({ ...cache, hitRate: share }, ["kind", "hitRate"]),
        optional(
          {
            ...cache,
            keys: fc.record({ zipf: fc.record({ exponent: fc.double({ min: 0, max: 9, noNaN: true }), count }) }),
            capacity: count,
            ttl: duration,
            invalidateAt: fc.constant(["6h", "18h"]),
            coalesce: fc.boolean(),
          },
          ["kind", "keys"],
        ),
      ),
    }),
    pools: fc.record({ gpus: pool }),
    providers: fc.record({ hosted: provider }),
    quotas: fc.record({ account: limits }),
  },
  ["name", "horizon", "traffic", "gateways", "caches", "pools", "providers", "quotas"],
);
