import * as fc from "fast-check";
import {
  everyFailure,
  type PlainBreaker,
  type PlainBudget,
  type PlainClient,
  type PlainFailure,
  type PlainLoop,
  type PlainRung,
} from "./plain-given.ts";
import { gateOf } from "./random-gate.ts";
import { seconds, sometimes } from "./random-numbers.ts";

/** Time-outs alone are refused where no attempt has one. */
export const failureList: fc.Arbitrary<readonly PlainFailure[]> = fc.oneof(
  fc.constant(everyFailure),
  fc.shuffledSubarray([...everyFailure], { minLength: 1 }).filter((list) => list.some((ending) => ending !== "timedOut")),
);

const budget: fc.Arbitrary<PlainBudget> = fc.oneof(
  fc.record({ share: fc.constantFrom(0, 0.125, 0.25, 0.5, 1), burst: fc.constantFrom(1, 1.5, 2, 3, 10) }),
  fc
    .record({
      capacity: fc.integer({ min: 1, max: 12 }),
      cost: fc.constantFrom(0.5, 1, 2, 5),
      timeoutCost: sometimes(fc.constantFrom(1, 3, 10)),
      refund: fc.constantFrom(0, 0.5, 1, 2),
    })
    .filter(({ capacity, cost, timeoutCost = 0 }) => Math.max(cost, timeoutCost) <= capacity),
);

export const loopOf = (rest: number, most: number): fc.Arbitrary<PlainLoop> =>
  fc.record({
    attempts: fc.integer({ min: 1, max: most }),
    on: failureList,
    backoff: fc.record({
      base: seconds(rest, 0.1, 3),
      factor: fc.constantFrom(1, 1.5, 2, 3),
      max: seconds(rest + 1, 0.5, 8),
    }),
    retryAfterMax: fc.oneof(fc.constant(60), fc.constant(0), seconds(rest + 2, 0, 10)),
    retryAfterBeyond: fc.constantFrom("backoff" as const, "giveUp" as const),
    budget: sometimes(budget),
  });

export const breakerOf = (rest: number): fc.Arbitrary<PlainBreaker> =>
  fc.record({
    window: seconds(rest, 1, 30),
    failureShare: fc.constantFrom(0.25, 0.5, 0.75, 1),
    minimumCalls: fc.integer({ min: 1, max: 4 }),
    openFor: seconds(rest + 1, 0.3, 15),
    probes: fc.integer({ min: 1, max: 3 }),
    on: failureList,
  });

const rungOf = (rest: number, targets: readonly string[], stages: readonly string[]): fc.Arbitrary<Omit<PlainRung, "name">> => {
  const when = fc.record({
    call: sometimes(fc.constantFrom(2, 3)),
    waited: sometimes(seconds(rest, 0.1, 12)),
    inFlight: sometimes(fc.integer({ min: 1, max: 8 })),
    breakerOpen: fc.constantFrom(undefined, undefined, undefined, true as const),
  });
  const canned = fc.record({ latency: fc.oneof(fc.constant(0), seconds(rest + 1, 0.1, 4)) });
  const changes = fc.record({
    maxOutput: sometimes(fc.integer({ min: 1, max: 15 })),
    skip: stages.length === 0 ? fc.constant(undefined) : sometimes(fc.shuffledSubarray([...stages], { minLength: 1 })),
    first: sometimes(fc.shuffledSubarray([...targets], { minLength: 1 })),
  });
  return fc.oneof(
    { weight: 4, arbitrary: fc.tuple(when, changes).map(([condition, change]) => Object.assign({ when: condition }, change)) },
    { weight: 1, arbitrary: fc.record({ when, canned }) },
    { weight: 1, arbitrary: fc.record({ when: fc.constant({ exhausted: true as const }), canned }) },
  );
};

/** What the settings refuse is left out: rungs without a condition or an effect, time-outs and hedges that can never strike. */
function allowed(client: PlainClient, longest = Infinity): PlainClient {
  const { total = Infinity, breaker, hedge, retry } = client;
  const within = (time: number | undefined, ...longer: number[]): number | undefined =>
    time === undefined || longer.some((one) => time > one) ? undefined : time;
  const ttft = within(client.ttft, total);
  const attemptTotal = within(client.attemptTotal, total);
  const attemptTtft = within(client.attemptTtft, ttft ?? total, attemptTotal ?? Infinity);
  const times = [ttft, client.total, attemptTtft, attemptTotal];
  const patience = Math.min(...times.map((time) => time ?? Infinity));
  const opens = times.some((time) => time !== undefined) || breaker?.on.some((ending) => ending !== "timedOut");
  const degrade = client.degrade
    .map(({ when, maxOutput = Infinity, ...rung }) => ({
      ...rung,
      maxOutput: maxOutput < longest ? maxOutput : undefined,
      when: {
        ...when,
        call: when.call !== undefined && when.call <= retry.attempts ? when.call : undefined,
        waited: within(when.waited, ttft ?? Infinity, total),
        breakerOpen: breaker !== undefined && opens ? when.breakerOpen : undefined,
      },
    }))
    .map(({ skip, ...rung }) => Object.assign(rung, { skip: rung.when.call === undefined ? skip : undefined }))
    .filter(({ when }) => Object.values(when).some((one) => one !== undefined))
    .filter(({ maxOutput, skip, first, canned }) => (maxOutput ?? skip ?? first ?? canned) !== undefined);
  return {
    ...client,
    ttft,
    attemptTtft,
    attemptTotal,
    breaker: opens ? breaker : undefined,
    hedge: hedge !== undefined && hedge.after < patience ? hedge : undefined,
    degrade,
  };
}

/** @param maxOutput of the class */
export const clientOf = (
  i: number,
  targets: readonly string[],
  stages: readonly string[],
  gateways: readonly string[],
  maxOutput: number | undefined,
): fc.Arbitrary<PlainClient> =>
  fc
    .record({
      ttft: sometimes(seconds(38 + i, 0.5, 20)),
      total: sometimes(seconds(41 + i, 1, 60)),
      attemptTtft: sometimes(seconds(44 + i, 0.2, 12)),
      attemptTotal: sometimes(seconds(47 + i, 0.5, 20)),
      retry: loopOf(90 + 3 * i, 5),
      nested: sometimes(loopOf(100 + 3 * i, 3)),
      hedge: sometimes(
        fc.record({
          after: seconds(120 + i, 0.1, 4),
          most: fc.integer({ min: 1, max: 3 }),
          target: fc.constantFrom("same" as const, "next" as const),
        }),
      ),
      breaker: sometimes(breakerOf(130 + 2 * i)),
      gate: sometimes(gateOf(140 + 2 * i, maxOutput)),
      gateway: gateways.length === 0 ? fc.constant(undefined) : sometimes(fc.constantFrom(...gateways)),
      degrade: fc.oneof(
        fc.constant([]),
        fc
          .tuple(...[0, 1, 2].map((nth) => rungOf(150 + 6 * i + 2 * nth, targets, stages)))
          .map((rungs) => rungs.map((rung, nth): PlainRung => ({ name: `rung${nth}`, ...rung }))),
      ),
    })
    .map((client) => allowed({ ...client, gate: client.gateway === undefined ? client.gate : undefined }, maxOutput));
