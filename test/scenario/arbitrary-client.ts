import fc from "fast-check";
import { concurrencyPolicies } from "../../src/client/gate/concurrency/registry.ts";
import { jitters } from "../../src/client/retry/retry-settings.ts";

type Values = fc.Arbitrary<unknown>;

const optional = (shape: Record<string, Values>, required: string[] = []) => fc.record(shape, { requiredKeys: required });
const share = fc.integer({ min: 1, max: 1000 }).map((n) => `${n / 10}%`);
const count = fc.integer({ min: 1, max: 9000 });
const duration = fc.integer({ min: 1, max: 5000 }).map((n) => `${n / 8}s`);

/** Shorter than any time-out below. */
const waited = fc.constantFrom("0.5s", "4s");

/** Endings of which some happen also without any time-out. */
const endings = fc.constantFrom(["failed"], ["throttled", "failed"], ["timedOut", "shed", "throttled", "failed"]);

/** Each longer than those that may not be longer than it. */
const timeout = optional({
  ttft: fc.constantFrom("9s", "10500ms"),
  total: fc.constantFrom("60s", "5m"),
  attempt: optional({ ttft: fc.constantFrom("1s", "2.5s"), total: fc.constantFrom("5s", "8s") }),
});

const budget = fc.oneof(
  share,
  optional({ share, burst: fc.integer({ min: 1, max: 50 }) }, ["share"]),
  fc.record({
    tokenBucket: optional(
      {
        capacity: fc.integer({ min: 10, max: 900 }),
        cost: fc.constant(5),
        timeoutCost: fc.constant(10),
        refund: fc.constantFrom(0, 0.1, 1),
      },
      ["capacity", "cost"],
    ),
  }),
);

const loop = {
  attempts: fc.integer({ min: 2, max: 5 }),
  on: endings,
  backoff: optional({
    base: duration,
    factor: fc.double({ min: 1, max: 3, noNaN: true }),
    max: duration,
    jitter: fc.oneof(fc.constantFrom<unknown>(...jitters), share),
  }),
  retryAfterMax: duration,
  retryAfterBeyond: fc.constantFrom("backoff", "giveUp"),
  budget,
};

const limiter = fc.oneof(
  optional({ rpm: count, burst: fc.constantFrom("60s", "2.5m") }, ["rpm"]),
  optional({ rpm: count, tpm: count, expectedOutput: count }, ["tpm", "expectedOutput"]),
);

const concurrency = fc.oneof(
  fc.integer({ min: 1, max: 500 }),
  fc.record({ fixed: fc.record({ limit: count }) }),
  ...Object.keys(concurrencyPolicies)
    .filter((name) => name !== "fixed")
    .map((name) => fc.constant({ [name]: {} })),
);

const queue = optional({ capacity: count, maxWait: duration });

/** What holds attempts back, of one class or of several. */
export const gateway = fc.oneof(
  optional({ limiter, concurrency, queue }, ["limiter"]),
  optional({ limiter, concurrency, queue }, ["concurrency"]),
);

const breaker = optional({
  window: duration,
  failureShare: share,
  minimumCalls: count,
  openFor: duration,
  probes: fc.integer({ min: 1, max: 9 }),
  on: endings,
});

/** A mild rung for each condition, and the last resort; `call: 2` and `breakerOpen` need what the client has always got here. */
const ladder = (stages: readonly string[]): Values =>
  optional({
    shorter: optional(
      {
        when: optional({ inFlight: count, waited }, ["inFlight"]),
        maxOutput: fc.integer({ min: 1, max: 40 }),
        penalty: fc.constant("$0.02"),
      },
      ["when", "maxOutput"],
    ),
    smaller: fc.record({ when: fc.constantFrom({ call: 2 }, { breakerOpen: true, call: 2 }), first: fc.constant(["hosted"]) }),
    ...(stages.length === 0 ? {} : { bare: fc.record({ when: fc.record({ waited }), skip: fc.constant([...stages]) }) }),
    sorry: fc.record({ when: fc.constant({ exhausted: true }), canned: optional({ latency: duration }) }),
  });

const hedge = optional(
  { after: fc.constantFrom("200ms", "0.5s"), most: fc.integer({ min: 1, max: 3 }), target: fc.constantFrom("same", "next") },
  ["after"],
);

/** A client of a class whose path has these stages before its targets, in a scenario with a gateway `front` and a preset `sdk`. */
export function client(stages: readonly string[]): Values {
  const written = { timeout, hedge, retry: optional({ ...loop, nested: optional(loop, ["attempts"]) }, ["attempts"]) };
  return fc.oneof(
    optional({ ...written, breaker, degrade: ladder(stages), limiter, concurrency }, ["retry", "breaker"]),
    optional({ ...written, gateway: fc.constant("front") }, ["gateway"]),
    fc.constant("sdk"),
    optional({ preset: fc.constant("sdk"), timeout, breaker }, ["preset"]),
    optional({ extends: fc.constant("sdk"), retry: fc.record({ attempts: loop.attempts }) }, ["extends"]),
  );
}

/** Targets in turn, of which some spill over and some are drawn. */
export const chain = fc.oneof(
  fc.constantFrom<unknown>("gpus", { split: { gpus: "80%", hosted: "20%" } }, { first: ["gpus", "hosted"] }),
  optional(
    {
      first: fc.oneof(
        optional({ outstanding: count, inputTokens: count }, ["outstanding"]).map((spillOver) => [{ target: "gpus", spillOver }, "hosted"]),
        fc.constant([{ split: { gpus: "12.5%", hosted: 0.875 } }]),
      ),
      on: endings,
    },
    ["first"],
  ),
);
