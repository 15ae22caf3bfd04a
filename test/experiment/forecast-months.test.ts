import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { demandsOf, monthlyFactor, scenarioIn, trafficSince } from "../../src/experiment/forecast/months.ts";
import { scenarioOf } from "./systems.ts";

const small = `
name: Small
horizon: 10m
traffic:
  chat: { arrivals: { rate: 2/s }, inputTokens: { constant: 100 }, outputTokens: { constant: 10 }, path: [answers, docs, gpus] }
  digests: { arrivals: { rate: 1/s }, inputTokens: { constant: 100 }, outputTokens: { constant: 10 }, path: [{ first: [gpus, api] }] }
caches: { answers: { kind: exact, hitRate: 20%, perHour: $1 } }
vectorStores:
  docs:
    concurrency: 4
    read: { constant: 5ms }
    vectors: 1M
    perReplicaHour: $2
    memory: { limit: 5GB, bytesPerVector: 4000B }
pools:
  gpus: { engine: { station: { servers: 4, service: { constant: 100ms } } }, replicas: 1, price: { perReplicaHour: $4 } }
providers:
  api: { model: { inputPerMillion: $1, outputPerMillion: $4 }, latency: { ttft: { constant: 100ms }, tpot: { constant: 1ms } } }
`;

const drifting = (drift: string) => scenarioOf(small, { drift });

describe("changes compound from month to month", () => {
  it("of traffic and lengths, of all classes or by class", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 24 }), fc.integer({ min: -50, max: 50 }), (month, change) => {
        const all = drifting(`{ traffic: ${change}%, inputTokens: ${change}%, outputTokens: { digests: ${change}% } }`);
        const factor = (1 + change / 100) ** month;
        const { chat, digests } = scenarioIn(all, month, "p50").traffic;
        expect(chat.arrivals.rateScale).toBeCloseTo(factor, 9);
        expect(chat.inputScale).toBeCloseTo(factor, 9);
        expect([chat.outputScale, digests.outputScale / factor]).toEqual([1, expect.closeTo(1, 9)]);
      }),
    );
    const apart = drifting("{ traffic: { chat: 8%, digests: 2% } }");
    expect(trafficSince(scenarioIn(apart, 0, "p50"), scenarioIn(apart, 12, "p50"))).toEqual({
      chat: expect.closeTo(1.08 ** 12, 9),
      digests: expect.closeTo(1.02 ** 12, 9),
    });
  });

  it("of hit rates, as a share of what they were", () => {
    const { answers } = scenarioIn(drifting("{ hitRate: -3% }"), 5, "p50").caches;
    expect(answers.hitRate).toBeCloseTo(0.2 * 0.97 ** 5, 12);
  });

  it("of prices, of all or by the name of what costs", () => {
    const all = scenarioIn(drifting("{ prices: -2% }"), 3, "p50");
    expect(all.pools["gpus"].price!.perReplicaHour).toBeCloseTo(4 * 0.98 ** 3, 12);
    expect(all.vectorStores["docs"].perReplicaHour).toBeCloseTo(2 * 0.98 ** 3, 12);
    const some = scenarioIn(drifting("{ prices: { gpus: -2%, api: 5% } }"), 3, "p50");
    expect(some.providers["api"].model.outputPerMillion).toBeCloseTo(4 * 1.05 ** 3, 12);
    expect(some.vectorStores["docs"].perReplicaHour).toBe(2);
  });

  it("of vectors, until the memory is full", () => {
    const growing = drifting("{ vectors: 5% }");
    const vectorsIn = (month: number) => scenarioIn(growing, month, "p50").vectorStores["docs"].vectors;
    expect([vectorsIn(0), vectorsIn(1), vectorsIn(2), vectorsIn(100)]).toEqual([1e6, 1.05e6, 1.1025e6, 1.25e6]);
  });

  it("and leave everything else, and month 0, as it is", () => {
    const { drift: _, ...now } = drifting("{ traffic: 8%, prices: -2%, vectors: 5%, hitRate: -3%, inputTokens: 2% }");
    expect(scenarioIn({ ...now, drift: { traffic: 0.08, prices: -0.02 } }, 0, "p50")).toEqual(now);
  });
});

describe("uncertain growth", () => {
  it("is log-normal through both quantiles, and beyond them in proportion to the normal quantile", () => {
    const change = { p50: 0.08, p90: 0.14 };
    expect(monthlyFactor(change, "p50")).toBeCloseTo(1.08, 9);
    expect(monthlyFactor(change, "p90")).toBeCloseTo(1.14, 9);
    const [z90, z99] = [1.2815515655446004, 2.3263478740408408];
    expect(monthlyFactor(change, "p99")).toBeCloseTo(Math.exp(Math.log(1.08) + (Math.log(1.14 / 1.08) * z99) / z90), 8);
  });

  it("is looked at in three ways, and compounds in each", () => {
    const growing = drifting("{ traffic: { p50: 8%, p90: 14% } }");
    expect(demandsOf(growing)).toEqual(["p50", "p90", "p99"]);
    expect(demandsOf(drifting("{ traffic: 8% }"))).toEqual(["p50"]);
    expect(scenarioIn(growing, 12, "p90").traffic["chat"].arrivals.rateScale).toBeCloseTo(1.14 ** 12, 8);
  });
});
