import * as fc from "fast-check";
import type { PlainPool, PlainProvider } from "./plain-given.ts";
import { seconds, sometimes, tidy } from "./random-numbers.ts";

export const poolOf = (i: number): fc.Arbitrary<PlainPool> => {
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

export const providerOf = (i: number): fc.Arbitrary<PlainProvider> =>
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
