import { expect, it } from "vitest";
import { everyFailure, type PlainSystem } from "./plain-given.ts";
import { playForReal } from "./plain-real.ts";
import { api, classOf, loop, story } from "./plain-story.ts";
import { playPlainly } from "./plain-system.ts";

it.each<[string, Partial<PlainSystem>, string[], Record<string, number>[]]>([
  [
    "three calls of seven attempts each are 21 attempts against a dead provider",
    {
      classes: [
        classOf([0], { retry: { ...loop, attempts: 3, backoff: { ...loop.backoff, base: 10 } }, nested: { ...loop, attempts: 7 } }),
      ],
      targets: [api(1, { fails: true })],
    },
    // A call takes seven attempts of 1 s and six waits of 1 s; two waits of 10 s lie between three calls.
    ["failed 21 59 nobody 0"],
    [{ sent: 21, retries: 20 }],
  ],
  [
    "a nested loop that retries no failure leaves it to the calls",
    {
      classes: [classOf([0], { retry: { ...loop, attempts: 3 }, nested: { ...loop, attempts: 7, on: ["shed"] } })],
      targets: [api(1, { fails: true })],
    },
    ["failed 3 5 nobody 0"],
    [{ sent: 3, retries: 2 }],
  ],
  [
    "a breaker opens at the second failure, lets one probe through when its time is over, and closes at its answer",
    {
      classes: [
        classOf([0, 1, 2, 4, 7, 7.5, 11], {
          breaker: { window: 10, failureShare: 1, minimumCalls: 2, openFor: 5, probes: 1, on: ["shed"] },
        }),
      ],
      targets: [{ name: "api", kind: "pool", servers: 1, service: 3, replicas: 1, routing: "roundRobin", capacity: 0, onCancel: "abort" }],
    },
    [
      "served 1 3 api 0",
      "shed 1 1 nobody 0",
      "shed 1 2 nobody 0",
      "shed 0 4 nobody 0",
      "served 1 10 api 0",
      "shed 0 7.5 nobody 0",
      "served 1 14 api 0",
    ],
    [{ sent: 5, brokenOff: 2, breakerOpened: 1 }],
  ],
  [
    "a hedge to the next target answers first",
    {
      classes: [classOf([0], { hedge: { after: 2, most: 1, target: "next" } }, { chain: { first: ["api", "other"], on: everyFailure } })],
      targets: [api(10), { ...api(1), name: "other" }],
    },
    ["served 2 3 other 0"],
    [{ sent: 2, hedges: 1, hedgesWon: 1 }],
  ],
  [
    "who matters more is let out of a shared gate first, then who came first",
    {
      classes: [
        classOf([0, 0.5, 0.7], { gateway: "gateway" }, { name: "batch", priority: "low" }),
        classOf([0, 1], { gateway: "gateway" }, { priority: "high" }),
      ],
      gateways: [{ name: "gateway", concurrency: 1 }],
      targets: [api(2)],
    },
    ["served 1 2 api 0", "served 1 4 api 0", "served 1 8 api 0", "served 1 10 api 0", "served 1 6 api 0"],
    [{ sent: 3 }, { sent: 2 }],
  ],
  [
    "an answer that is shorter than expected lets the next one out sooner",
    {
      // 20 tokens at first and 1 more per second; each is taken for 15, of which 6 are used.
      classes: [classOf([0, 0.5], { gate: { limiter: { tpm: 60, burst: 20, expectedOutput: 10 } } })],
      targets: [api(1)],
    },
    ["served 1 1 api 0", "served 1 2 api 0"],
    [{ sent: 2 }],
  ],
  [
    "who has waited too long at the gate is shed without an attempt",
    {
      classes: [classOf([0, 0.5, 0.7], { gate: { concurrency: 1, queue: { capacity: 1, maxWait: 1 } } })],
      targets: [api(2)],
    },
    ["served 1 2 api 0", "shed 0 1.5 nobody 0", "shed 0 0.7 nobody 0"],
    [{ sent: 1 }],
  ],
  [
    "a canned answer follows when all else has failed",
    {
      classes: [classOf([0], { degrade: [{ name: "sorry", when: { exhausted: true }, canned: { latency: 0.5 } }] })],
      targets: [api(1, { fails: true })],
    },
    ["served 1 1.5 canned 1"],
    [{ sent: 1 }],
  ],
  [
    "the second call asks a smaller model for a shorter answer",
    {
      classes: [
        classOf(
          [0],
          {
            retry: { ...loop, attempts: 2 },
            degrade: [
              { name: "smaller", when: { call: 2 }, first: ["other"] },
              { name: "shorter", when: { waited: 1.5 }, maxOutput: 2 },
            ],
          },
          { requests: [{ at: 0, input: 5, output: 7 }] },
        ),
      ],
      targets: [api(1, { fails: true }), { ...api(1, { tpot: 1 }), name: "other" }],
    },
    ["served 2 4 other 2"],
    [{ sent: 2, retries: 1 }],
  ],
  [
    "what is too much for one target spills over to the next",
    {
      classes: [
        classOf([0, 0.1, 3], {}, { chain: { first: [{ target: "api", spillOver: { outstanding: 1 } }, "other"], on: everyFailure } }),
      ],
      targets: [api(2), { ...api(1), name: "other" }],
    },
    ["served 1 2 api 0", "served 1 1.1 other 0", "served 1 5 api 0"],
    [{ sent: 3, spilledOver: 1 }],
  ],
])("%s", (_, system, fates, counts) => {
  expect(story(system, playPlainly)).toEqual({ fates, counts });
  expect(story(system, playForReal)).toEqual({ fates, counts });
});
