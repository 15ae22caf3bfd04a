import { describe, expect, it } from "vitest";
import { simulatePlans } from "../../src/experiment/plan.ts";
import { pointsOf } from "../../src/experiment/point.ts";
import type { ProviderResult } from "../../src/experiment/provider-result.ts";
import type { Point } from "../../src/experiment/result.ts";
import { inlineRunner } from "../../src/experiment/runner.ts";
import { planOf } from "./systems.ts";

/** Prompts on a provider with a prompt cache, an outage, and clients who do not wait for the longest answers. */
const hosted = `
name: Hosted
horizon: 30m
warmup: 5m
replications: 1
traffic:
  chat:
    arrivals: { rate: 2/s }
    inputTokens: { constant: 2000 }
    outputTokens: { exponential: { mean: 200 } }
    sharedPrefix: { tokens: 1500, groups: 300 }
    client: { timeout: { total: 5s } }
    path: [api]
providers:
  api:
    model: { inputPerMillion: $2, cachedInputPerMillion: $0.2, cacheWritePerMillion: $2.5, outputPerMillion: $10 }
    price: { perHour: $3 }
    latency: { ttft: { constant: 500ms }, tpot: { constant: 10ms } }
    limits: { law: tokenBucket, rpm: 110 }
    promptCache: { ttl: 1m }
    faults: { errorRate: 5%, outages: { at: [10m, 29m], lasts: 2m } }
`;

async function pointOf(assignments: Readonly<Record<string, string>> = {}): Promise<Point> {
  const simulated = await simulatePlans([planOf(hosted, assignments)], inlineRunner(new Map()));
  return pointsOf(simulated).points[0];
}

const means = ({ units: _, ...one }: ProviderResult) => Object.fromEntries(Object.entries(one).map(([key, { mean }]) => [key, mean]));
const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

describe("the accounts of a provider", () => {
  it("hold its bill by hand: tokens at their prices, the hour at its own, for a month of 730 hours", async () => {
    const point = await pointOf();
    const one = means(point.providers["api"]);
    const read = one["inputTokens"] - one["cachedInputTokens"] - one["writtenInputTokens"];
    const prompts = read * 2 + one["cachedInputTokens"] * 0.2 + one["writtenInputTokens"] * 2.5;
    const usd = (prompts + one["outputTokens"] * 10) / 1e6;
    const months = 25 / 60 / 730;
    expect(one["cost_usd_per_month"]).toBeCloseTo(usd / months + 3 * 730, 6);
    expect(point.cost.usd_per_month.mean).toBe(one["cost_usd_per_month"]);
    expect(Math.min(read, one["cachedInputTokens"], one["writtenInputTokens"])).toBeGreaterThan(0);
    // Every call that was billed has found its prefix, or written it.
    expect(one["cachedInputTokens"] + one["writtenInputTokens"]).toBe((one["inputTokens"] / 2000) * 1500);
  });

  it("say what of it was in vain", async () => {
    const one = means((await pointOf()).providers["api"]);
    expect(one["wastedTokens"]).toBeGreaterThan(0);
    expect(one["wasted_usd_per_month"]).toBeGreaterThan(0);
    expect(one["wasted_usd_per_month"]).toBeLessThan(one["cost_usd_per_month"]);
    const patient = means((await pointOf({ "traffic.chat.client": "{}" })).providers["api"]);
    expect([patient["wastedTokens"], patient["wasted_usd_per_month"]]).toEqual([0, 0]);
    expect(patient["cost_usd_per_month"]).toBe(one["cost_usd_per_month"]);
  });

  it("hold a call for every attempt, in one of its endings", async () => {
    const { providers, classes } = await pointOf({ warmup: "0s", "traffic.chat.client": "{}" });
    const one = means(providers["api"]);
    const { outcomes, offered } = classes["chat"];
    expect(one["calls"]).toBe(offered.mean);
    expect([one["throttled"], one["failed"]]).toEqual([outcomes.throttled.mean, outcomes.failed.mean]);
    expect(Math.min(one["throttled"], one["failed"])).toBeGreaterThan(0);
  });

  it("go window by window, from the start of the run, and tell when it was struck", async () => {
    const { series, providers } = await pointOf({ warmup: "0s" });
    const { calls, throttled, tokens, outages } = series.providers["api"];
    const one = means(providers["api"]);
    expect([total(calls), total(throttled)]).toEqual([one["calls"], one["throttled"]]);
    expect(calls.length).toBe(Math.ceil(1800 / series.window_s));
    // Those that broke off were taken, though they were not billed.
    expect(total(tokens)).toBeGreaterThan(one["inputTokens"] + one["outputTokens"]);
    expect(total(tokens)).toBeLessThan((one["inputTokens"] + one["outputTokens"]) * 1.01);
    tokens.forEach((count, i) => {
      const start = i * series.window_s;
      if (start >= 600 && start < 720) expect(count).toBe(0);
    });
    expect(outages).toEqual([
      { fault: "outages", from_s: 600, to_s: 720 },
      { fault: "outages", from_s: 1740, to_s: 1800 },
    ]);
  });

  it("are those of the calls sent after the warm-up, whatever becomes of earlier ones", async () => {
    // All is sent in the warm-up: some of it breaks off after it, or ends when its client has left.
    const early = { "traffic.chat.arrivals": "{ profile: [[0h, 2/s], [5m, 0/s]] }", "providers.api.latency.tpot": "{ constant: 1s }" };
    for (const [outages, timeout] of [
      ["{ at: [301s], lasts: 2m }", "1h"],
      ["{ at: [295s], lasts: 2m, effect: hang }", "1h"],
      ["{ at: [20m], lasts: 2m }", "30s"],
    ]) {
      const changes = { "providers.api.faults.outages": outages, "traffic.chat.client.timeout.total": timeout };
      const { providers, cost } = await pointOf({ ...early, ...changes, "providers.api.price": "{ perHour: $0 }" });
      expect(new Set(Object.values(means(providers["api"])))).toEqual(new Set([0]));
      expect(cost.usd_per_month.mean).toBe(0);
    }
  });

  it("never hold more failed calls than calls, nor more in vain than was billed", async () => {
    for (const outages of ["{ at: [5m], lasts: 24m }", "{ at: [4m], lasts: 20m, effect: hang }", "{ at: [29m], lasts: 1m }"]) {
      const { providers } = await pointOf({ "providers.api.faults.outages": outages, "providers.api.latency.tpot": "{ constant: 1s }" });
      const one = means(providers["api"]);
      expect(one["throttled"] + one["failed"]).toBeLessThanOrEqual(one["calls"]);
      expect(one["wastedTokens"]).toBeLessThanOrEqual(one["inputTokens"] + one["outputTokens"]);
      expect(one["cost_usd_per_month"]).toBeGreaterThanOrEqual(3 * 730);
    }
  });

  it("hold the tokens of the busiest minute after the warm-up", async () => {
    const arrivals = "{ rate: 2/s, spikes: [{ at: 2m, lasts: 1m, factor: 9 }, { at: 20m, lasts: 1m, factor: 4 }] }";
    const { series, providers } = await pointOf({
      horizon: "300m",
      "traffic.chat.arrivals": arrivals,
      "providers.api.limits": "{ law: tokenBucket }",
    });
    expect(series.window_s).toBe(60);
    const tokens = series.providers["api"].tokens.map((count, i) => (i < 5 ? 0 : count));
    expect(providers["api"].busiestMinuteTokens.mean).toBe(Math.max(...tokens));
    expect(tokens.indexOf(Math.max(...tokens))).toBe(20);
    expect(providers["api"].units).toBeNull();
  });

  it("say how many provisioned units would take all requests at once, whether or not those there are do", async () => {
    const ptu = (units: number) =>
      `{ law: utilisation, units: ${units}, tokensPerMinutePerUnit: 1000, outputWeight: 4, defaultMaxOutput: 1000 }`;
    const steady = {
      warmup: "0s",
      "traffic.chat.outputTokens": "{ constant: 200 }",
      "traffic.chat.client": "{ retry: { attempts: 3 } }",
      "providers.api.faults": "{}",
    };
    const roomy = await pointOf({ ...steady, "providers.api.limits": ptu(1000) });
    const scarce = await pointOf({ ...steady, "providers.api.limits": ptu(50) });
    const exact = (roomy.classes["chat"].offered.mean * (2000 + 4 * 200)) / 30 / 1000;
    expect(roomy.providers["api"].throttled.mean).toBe(0);
    expect(scarce.providers["api"].throttled.mean).toBeGreaterThan(scarce.classes["chat"].offered.mean);
    for (const [point, given] of [
      [roomy, 1000],
      [scarce, 50],
    ] as const) {
      expect(point.providers["api"].units!.given).toBe(given);
      expect(point.providers["api"].units!.needed.mean).toBeCloseTo(exact, 8);
      expect(point.providers["api"].units!.neededInBusiestMinute.mean).toBeGreaterThan(exact);
    }
    expect(scarce.providers["api"].units!.neededInBusiestMinute).toEqual(roomy.providers["api"].units!.neededInBusiestMinute);
  });
});
