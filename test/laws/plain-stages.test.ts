import { describe, expect, it } from "vitest";
import type { PlainCall, PlainStore } from "./plain-given-stages.ts";
import type { PlainSystem } from "./plain-given.ts";
import { playForReal } from "./plain-real.ts";
import { api, classOf, ends, loop } from "./plain-story.ts";
import { playPlainly } from "./plain-system.ts";

const call = (name: string, target: string, rest: Partial<PlainCall> = {}): PlainCall => ({
  kind: "call",
  name,
  target,
  onFailure: "fail",
  retry: loop,
  promptTokens: 0,
  ...rest,
});

const store = (rest: Partial<PlainStore> = {}): PlainStore => ({
  name: "handbook",
  replicas: 1,
  concurrency: 1,
  read: 1,
  write: 0.5,
  onFailure: "fail",
  retry: loop,
  promptTokens: 0,
  ...rest,
});
const read = { kind: "store", name: "handbook" } as const;

describe("worked out by hand, before the targets", () => {
  it.each<[string, Partial<PlainSystem>, string[]]>([
    [
      "the next stage begins when the slower of two branches has ended",
      {
        classes: [
          classOf([0], {}, { stages: [{ kind: "parallel", branches: [[read], [call("rewrite", "small"), call("rank", "small")]] }] }),
        ],
        targets: [api(1), { ...api(2), name: "small" }],
        stores: [store()],
      },
      ["served 5 api"],
    ],
    [
      "a branch that fails ends the request, and is no failure of the other to its breaker",
      {
        classes: [
          classOf(
            [0, 10],
            {},
            {
              stages: [
                {
                  kind: "parallel",
                  branches: [
                    [
                      call("slow", "slow", {
                        breaker: { window: 60, failureShare: 0.1, minimumCalls: 1, openFor: 60, probes: 1, on: ["timedOut"] },
                      }),
                    ],
                    [call("dead", "dead")],
                  ],
                },
              ],
            },
          ),
        ],
        targets: [api(1), { ...api(5), name: "slow" }, { ...api(2, { fails: true }), name: "dead" }],
      },
      ["failed 2 nobody", "failed 12 nobody"],
    ],
    [
      "a read that takes longer than its budget is done without",
      {
        classes: [classOf([0, 0.25], {}, { stages: [read] })],
        targets: [api(1)],
        stores: [store({ timeout: 1.5, onFailure: "answerWithout" })],
      },
      ["served 2 api", "served 2.75 api handbook"],
    ],
    [
      "patience that ends while a stage waits to come back after a 429 leaves it throttled",
      {
        classes: [classOf([0, 0.5], { total: 5 }, { stages: [call("embed", "busy", { retry: { ...loop, attempts: 2 } })] })],
        targets: [api(1), { ...api(1, { limits: { rpm: 6, burst: 10, retryAfter: true } }), name: "busy" }],
      },
      ["served 2 api", "throttled 5.5 nobody"],
    ],
    [
      "a second attempt within the time budget finds the outage over",
      {
        classes: [classOf([1], {}, { stages: [read] })],
        targets: [api(1)],
        stores: [
          store({
            outages: { at: [0], lasts: 3, effect: "fail" },
            retry: { ...loop, attempts: 2, backoff: { base: 2.5, factor: 1, max: 9 } },
          }),
        ],
      },
      ["served 5.5 api"],
    ],
    [
      "what a stage gives makes the prompt too long for the first target",
      {
        classes: [
          classOf(
            [0],
            {},
            {
              stages: [call("search", "other", { promptTokens: 20 })],
              chain: { first: [{ target: "api", spillOver: { inputTokens: 24 } }, "other"], on: ["failed"] },
            },
          ),
        ],
        targets: [api(1), { ...api(2), name: "other" }],
      },
      ["served 4 other"],
    ],
    [
      "a semantic cache that is out of time is a miss, and one that is in time a hit",
      {
        classes: [
          classOf(
            [0, 0.25],
            {},
            {
              stages: [
                {
                  kind: "semantic",
                  name: "similar",
                  embedding: { latency: 0.5 },
                  store: "handbook",
                  hitRate: 1,
                  wrongHitRate: 0,
                  deterministicShare: 1,
                  timeout: 2,
                },
              ],
            },
          ),
        ],
        targets: [api(1)],
        stores: [store()],
      },
      ["served 1.5 similar", "served 3.25 api"],
    ],
    [
      "patience that ends before the canned answer to a throttled stage leaves it throttled",
      {
        classes: [
          classOf(
            [0, 0.5],
            { total: 3, degrade: [{ name: "sorry", when: { exhausted: true }, canned: { latency: 4 } }] },
            { stages: [call("embed", "busy")] },
          ),
        ],
        targets: [api(1), { ...api(1, { limits: { rpm: 6, burst: 10, retryAfter: true } }), name: "busy" }],
      },
      ["served 2 api", "throttled 3.5 nobody"],
    ],
    [
      "while one branch waits after a 429 and another is asked, patience that ends is a time-out",
      {
        classes: [
          classOf(
            [0, 0.5],
            { total: 5 },
            {
              stages: [
                { kind: "parallel", branches: [[call("slow", "slow")], [call("embed", "busy", { retry: { ...loop, attempts: 2 } })]] },
              ],
            },
          ),
        ],
        targets: [api(0.25), { ...api(6), name: "slow" }, { ...api(1, { limits: { rpm: 6, burst: 10, retryAfter: true } }), name: "busy" }],
      },
      ["timedOut 5 nobody", "timedOut 5.5 nobody"],
    ],
    [
      "answers fill the bucket from which a stage pays for its retries",
      {
        classes: [
          classOf(
            [0, 4, 9],
            {},
            {
              stages: [
                {
                  kind: "call",
                  name: "embed",
                  target: "busy",
                  onFailure: "fail",
                  promptTokens: 0,
                  retry: { ...loop, attempts: 2, retryAfterMax: 60, budget: { capacity: 1, cost: 1, refund: 1 } },
                },
              ],
            },
          ),
        ],
        // One request in five seconds: the second and the third are told to come back, and the bucket has been filled in between.
        targets: [api(1), { ...api(1, { limits: { rpm: 12, burst: 5, retryAfter: true } }), name: "busy" }],
      },
      ["served 2 api", "served 7 api", "served 12 api"],
    ],
    [
      "first calls earn the retries of a stage",
      {
        classes: [
          classOf(
            [0, 4, 9],
            {},
            {
              stages: [
                {
                  kind: "call",
                  name: "embed",
                  target: "busy",
                  onFailure: "fail",
                  promptTokens: 0,
                  retry: { ...loop, attempts: 2, retryAfterMax: 60, budget: { share: 1, burst: 1 } },
                },
              ],
            },
          ),
        ],
        // One request in five seconds: the second and the third are told to come back, and the third call has earned it.
        targets: [api(1), { ...api(1, { limits: { rpm: 12, burst: 5, retryAfter: true } }), name: "busy" }],
      },
      ["served 2 api", "served 7 api", "served 12 api"],
    ],
  ])("%s", (_, system, expected) => {
    expect(ends(system, playPlainly)).toEqual(expected);
    expect(ends(system, playForReal)).toEqual(expected);
  });
});
