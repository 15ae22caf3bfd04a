import * as fc from "fast-check";
import type { PlainGate } from "./plain-given.ts";
import { seconds, sometimes } from "./random-numbers.ts";

/**
 * A limiter, a bound on attempts under way, or both.
 * @param rest the first of four odd rests of its own
 * @param maxOutput of the class; without it a limiter on tokens has to be told what to expect
 */
export const gateOf = (rest: number, maxOutput: number | undefined): fc.Arbitrary<PlainGate> =>
  fc
    .record({
      rpm: sometimes(fc.integer({ min: 6, max: 120 })),
      tpm: sometimes(fc.integer({ min: 60, max: 3000 })),
      burst: fc.oneof(seconds(rest, 10, 12), seconds(rest, 10, 60)),
      expectedOutput: sometimes(fc.integer({ min: 1, max: 30 })),
      concurrency: sometimes(fc.integer({ min: 1, max: 4 })),
      queue: sometimes(fc.record({ capacity: sometimes(fc.nat(5)), maxWait: sometimes(seconds(rest + 1, 0.2, 10)) })),
    })
    .map(({ rpm, tpm, burst, expectedOutput, concurrency, queue }) => ({
      limiter:
        (rpm ?? tpm) === undefined
          ? undefined
          : { rpm, tpm, burst, expectedOutput: tpm !== undefined && maxOutput === undefined ? (expectedOutput ?? 10) : expectedOutput },
      concurrency: (rpm ?? tpm) === undefined ? (concurrency ?? 2) : concurrency,
      queue,
    }));
