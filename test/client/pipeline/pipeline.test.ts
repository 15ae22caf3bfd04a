import { describe, expect, it } from "vitest";
import { runReplication } from "../../../src/experiment/run.ts";
import { scenarioOf } from "../../experiment/systems.ts";

const text = (path: string, stores: string, client = "{}"): string => `
name: pipeline
seed: 3
horizon: 400s
replications: 1
traffic:
  chat:
    arrivals: { rate: 5/s }
    inputTokens: { constant: 300 }
    outputTokens: { constant: 200 }
    client: ${client}
    path: ${path}
vectorStores: ${stores}
pools:
  gpus: { engine: { station: { servers: 100, service: { constant: 2s } } }, replicas: 1 }
`;

const countsOf = (...given: Parameters<typeof text>) =>
  runReplication(scenarioOf(text(...given)), 0, new Map()).summary.classes["chat"].counts;

describe("the breaker of a stage", () => {
  const breaker = "breaker: { on: [timedOut], openFor: 1h }";

  it("does not count that another stage failed beside its own", () => {
    const stores = `{ sound: { concurrency: 50, read: { constant: 20ms }, timeout: 1s, ${breaker} },
      broken: { concurrency: 50, read: { constant: 10ms }, outages: { at: [100s], lasts: 50s } } }`;
    const { outcomes } = countsOf("[{ parallel: [sound, broken] }, gpus]", stores);
    expect(outcomes.failed).toBeGreaterThan(200);
    expect(outcomes).toMatchObject({ shed: 0, timedOut: 0 });
  });

  it("counts what takes longer than the stage's time, and than the user's", () => {
    const slow = (rest: string): string => `{ slow: { concurrency: 5000, read: { constant: 20s }, ${breaker} ${rest} } }`;
    for (const { outcomes } of [
      countsOf("[slow, gpus]", slow(", timeout: 1s")),
      countsOf("[slow, gpus]", slow(""), "{ timeout: { total: 1s } }"),
    ]) {
      expect(outcomes.timedOut).toBeLessThan(30);
      expect(outcomes.shed).toBeGreaterThan(1000);
    }
  });
});

describe("the time at a stage", () => {
  const stores = "{ hanging: { concurrency: 50, read: { constant: 10ms }, outages: { at: [200s], lasts: 1h, effect: hang } } }";

  it.each([
    ["[hanging, gpus]", "hanging"],
    ["[{ parallel: [hanging, { call: gpus }] }, gpus]", "hanging"],
    ["[similar, gpus]", "similar"],
  ])("at which requests of the path %s still are at the end counts so far", (path, stage) => {
    const caches = `\ncaches:\n  similar: { kind: semantic, embedding: { latency: { constant: 0s } }, store: hanging, threshold: 0.9, hitRate: 10% }\n`;
    const { classes } = runReplication(scenarioOf(text(path, stores) + caches), 0, new Map()).summary;
    // Half of them ask while nothing hangs, the others from then on to the end.
    expect(classes["chat"].stages[stage].mean).toBeCloseTo(100 / 2, -1);
    expect(classes["chat"].stages[stage].p99).toBeCloseTo(0.98 * 200, -1);
  });
});
