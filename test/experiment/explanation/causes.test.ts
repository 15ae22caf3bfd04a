import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { applies, causes } from "../../../src/experiment/explanation/registry.ts";
import { runReplication } from "../../../src/experiment/run.ts";
import type { Scenario } from "../../../src/scenario/schema.ts";
import { scenario as written } from "../../scenario/arbitrary.ts";
import { decode } from "../../scenario/example.ts";
import { overflowing } from "../overflowing.ts";
import { scenarioOf } from "../systems.ts";
import { reread } from "../valid.ts";

const without = (name: string, scenario: Scenario): Scenario => causes.find((cause) => cause.name === name)!.removed(scenario);

/** What has everything that can be taken away. */
const rich = scenarioOf(overflowing, {
  horizon: "4m",
  "traffic.chat.arrivals": "{ rate: 40/s, spikes: [{ at: 90s, lasts: 20s, factor: 3 }] }",
  "traffic.chat.client.retry": "{ attempts: 3, nested: { attempts: 2 } }",
  "traffic.chat.client.concurrency": "200",
  "traffic.chat.path": "[answers, { call: embedder }, { parallel: [handbook, { call: embedder, name: rerank }] }, { first: [gpus, api] }]",
  "caches.answers.latency": "20ms",
  "vectorStores.handbook": "{ concurrency: 2, read: { exponential: { mean: 20ms } }, writes: 1/s, retry: { attempts: 2, on: [failed] } }",
  "pools.embedder": "{ engine: { station: { service: { constant: 5ms } } }, replicas: 2 }",
  "pools.gpus.faults": "{ crash: { every: 60s } }",
});

const summaryOf = (scenario: Scenario) => runReplication(scenario, 0, new Map()).summary;

describe("causes", () => {
  it("have names of their own", () => {
    expect(new Set(causes.map(({ name }) => name)).size).toBe(causes.length);
  });

  it("taken away leave a scenario that can be written and read, and have nothing left to take away", () => {
    fc.assert(
      fc.property(written, (raw) => {
        const { scenario } = decode(stringify(raw));
        for (const cause of causes) {
          const removed = cause.removed(scenario);
          expect(reread(removed), cause.name).toEqual(removed);
          if (cause.name !== "busy") expect(applies(cause, removed), cause.name).toBe(false);
        }
      }),
      { numRuns: 25 },
    );
  });

  it.each(causes.map((cause) => [cause.name, cause] as const))("%s is there, and the system can be simulated without it", (_, cause) => {
    expect(applies(cause, rich)).toBe(true);
    const removed = cause.removed(rich);
    expect(reread(removed)).toEqual(removed);
    expect(summaryOf(removed).classes["chat"].counts.offered).toBeGreaterThan(0);
  });

  it("that are not there change nothing when they are taken away", () => {
    const bare = causes.filter(({ name }) => name !== "busy").reduce((scenario, cause) => cause.removed(scenario), rich);
    const summary = summaryOf(bare);
    for (const cause of causes) {
      if (cause.name === "busy") continue;
      expect(applies(cause, bare), cause.name).toBe(false);
      expect(summaryOf(cause.removed(bare)), cause.name).toEqual(summary);
    }
  });
});

it("without cold starts nobody waits for a replica on its way", () => {
  expect(summaryOf(rich).meters.pools["gpus"].coldWaitSeconds).toBeGreaterThan(0);
  expect(summaryOf(without("cold", rich)).meters.pools["gpus"].coldWaitSeconds).toBe(0);
});

it("without rate limits no call is refused", () => {
  expect(summaryOf(rich).meters.providers["api"].throttled).toBeGreaterThan(0);
  expect(summaryOf(without("rateLimit", rich)).meters.providers["api"].throttled).toBe(0);
});

it.each([
  ["cache", "answers"],
  ["retrieval", "handbook"],
  ["calls", "embedder"],
  ["calls", "rerank"],
])("without %s the stage %s takes no time", (cause, stage) => {
  expect(summaryOf(rich).classes["chat"].stages[stage].mean).toBeGreaterThan(0);
  expect(summaryOf(without(cause, rich)).classes["chat"].stages[stage].mean).toBe(0);
});

it("without the client's queue nobody waits at a gate, and without retries everything is tried once", () => {
  expect(summaryOf(without("clientQueue", rich)).meters.clients["chat"].gate.waited).toBe(0);
  const { counts } = summaryOf(without("backoff", rich)).classes["chat"];
  // Two targets, each asked once.
  expect(counts.attemptsPerRequest).toBeLessThanOrEqual(2);
  expect(summaryOf(without("backoff", rich)).meters.clients["chat"].retries).toBe(0);
});

it("without KV pressure nothing is preempted, and without abandoned work none is wasted on who has left", () => {
  expect(summaryOf(without("preemption", rich)).meters.pools["gpus"].preemptions).toBe(0);
  const [before, after] = [summaryOf(rich), summaryOf(without("abandonedWork", rich))].map(
    ({ meters }) => meters.pools["gpus"].wastedSeconds,
  );
  expect(after).toBeLessThan(before);
});

it("without faults nothing crashes and no call fails", () => {
  expect(summaryOf(rich).meters.pools["gpus"].crashes).toBeGreaterThan(0);
  expect(summaryOf(without("faults", rich)).meters.pools["gpus"].crashes).toBe(0);
  expect(summaryOf(without("provider", rich)).meters.providers["api"].failed).toBe(0);
});

it("a pool that is scaled by its KV keeps as much of it as it has", () => {
  const tracked = scenarioOf(overflowing, { "pools.gpus.scaling": "{ targetTracking: { metric: kvUse, target: 0.7 } }" });
  expect(without("preemption", tracked)).toEqual(tracked);
});

it("limiters in front of targets without limits stay when rate limits go", () => {
  const text = overflowing.replace("[answers, { first: [gpus, api] }]", "[answers, gpus]");
  const own = scenarioOf(text, { "traffic.chat.client.limiter": "{ rpm: 600 }" });
  expect(without("rateLimit", own).traffic).toEqual(own.traffic);
  const mirroring = scenarioOf(overflowing, {
    "traffic.chat.client.limiter": "{ rpm: 600 }",
    "traffic.chat.client.queue": "{ capacity: 5 }",
  });
  const { client } = without("rateLimit", mirroring).traffic["chat"];
  expect([client.limiter, client.queue]).toEqual([undefined, undefined]);
});
