import { expect, it } from "vitest";
import { runReplication } from "../../src/experiment/run.ts";
import { windowLength } from "../../src/experiment/series.ts";
import { percentile } from "../../src/kernel/percentile.ts";
import { outcomes } from "../../src/traffic/outcome.ts";
import { overflowing } from "./overflowing.ts";
import { scenarioOf } from "./systems.ts";

const scenario = scenarioOf(overflowing);
const { summary, recorder, series } = runReplication(scenario, 0, new Map());
const measured = Array.from({ length: recorder.count }, (_, i) => i).filter((i) => recorder.arrivedAt[i] >= scenario.warmup);
const chat = summary.classes["chat"];

it("the scenario of this test does overflow: most outcomes occur", () => {
  const { served, timedOut, throttled } = chat.counts.outcomes;
  expect(Math.min(served, timedOut + throttled)).toBeGreaterThan(50);
});

it("offered requests are those after the warm-up, and every one has an outcome", () => {
  expect(chat.counts.offered).toBe(measured.length);
  expect(Object.values(chat.counts.outcomes).reduce((sum, count) => sum + count, 0)).toBe(measured.length);
});

it("served requests are the sum over what served them", () => {
  expect(Object.values(chat.counts.servedBy).reduce((sum, count) => sum + count, 0)).toBe(chat.counts.outcomes.served);
});

it("percentiles are of served requests, by nearest rank", () => {
  const served = measured.filter((i) => outcomes[recorder.outcome[i]] === "served");
  const sorted = Float64Array.from(served, (i) => recorder.firstTokenAt[i] - recorder.arrivedAt[i]).sort();
  for (const [key, share] of [
    ["p50", 0.5],
    ["p95", 0.95],
    ["p99", 0.99],
  ] as const)
    expect(chat.ttft_s[key]).toBe(percentile(sorted, share));
  expect(chat.ttft_s.mean).toBeCloseTo(sorted.reduce((sum, value) => sum + value, 0) / sorted.length, 9);
});

it("attainment counts the offered requests that met the threshold, and a percentile objective agrees with the percentile", () => {
  const within = measured.filter((i) => recorder.firstTokenAt[i] - recorder.arrivedAt[i] < 2);
  expect(within.every((i) => ["served", "unfinished"].includes(outcomes[recorder.outcome[i]]))).toBe(true);
  expect(chat.attained[0]).toBe(within.length / measured.length);
  expect(chat.budgetsLeft[0]).toBeCloseTo((within.length / measured.length - 0.9) / 0.1, 9);
  const good = within.filter((i) => outcomes[recorder.outcome[i]] === "served");
  expect(chat.counts.goodput_per_s).toBeCloseTo(good.length / (scenario.horizon - scenario.warmup), 9);
});

it("money is the sum of its parts: reserved all the time, the rest by the replica-hour, tokens by the million", () => {
  const { onDemandSeconds } = summary.meters.pools["gpus"];
  const { input, output } = summary.meters.providers["api"].billed.base;
  const hours = (scenario.horizon - scenario.warmup) / 3600;
  const usd = (onDemandSeconds / 3600) * 4 + hours * 3 + input / 1e6 + (output * 4) / 1e6;
  expect(summary.money.total.usd_per_month).toBeCloseTo((usd / hours) * 730, 6);
  expect(summary.money.total.usd_per_1k_served).toBeCloseTo((usd / chat.counts.outcomes.served) * 1000, 9);
});

it("a replica is never busier than it was up, and wastes no more than it was busy", () => {
  const { stateSeconds, busySeconds, wastedSeconds } = summary.meters.pools["gpus"];
  expect(busySeconds).toBeLessThanOrEqual(stateSeconds.ready + stateSeconds.draining + 1e-6);
  expect(wastedSeconds).toBeLessThanOrEqual(busySeconds);
  expect(wastedSeconds).toBeGreaterThan(0);
});

it("what clients sent after the warm-up is what the windows from then on count", () => {
  const { window_s, classes } = series();
  const { sent, retries } = summary.meters.clients["chat"];
  expect(sent).toBe(classes["chat"].attempts.slice(scenario.warmup / window_s).reduce((sum, count) => sum + count, 0));
  expect(retries).toBeGreaterThan(0);
  expect(retries).toBeLessThan(sent);
});

it("the series adds up to all requests, the warm-up included, window by window", () => {
  const { window_s, classes, pools } = series();
  expect(window_s).toBe(windowLength(scenario.horizon));
  const { offered, good, outcomes: byOutcome } = classes["chat"];
  expect(offered.reduce((sum, count) => sum + count, 0)).toBe(recorder.count);
  offered.forEach((count, i) => {
    expect(Object.values(byOutcome).reduce((sum, column) => sum + column[i], 0)).toBe(count);
    expect(good[i]).toBeLessThanOrEqual(byOutcome.served[i]);
  });
  expect(pools["gpus"].ready.length).toBe(offered.length);
  const attempts = recorder.attempts.slice(0, recorder.count).reduce((sum, count) => sum + count, 0);
  expect(classes["chat"].attempts.reduce((sum, count) => sum + count, 0)).toBe(attempts);
});

it("windows are customary lengths, 300 at most", () => {
  expect(windowLength(86_400)).toBe(300);
  expect(windowLength(600)).toBe(2);
  for (const horizon of [1, 59, 3600, 7 * 86_400, 3e9]) expect(horizon / windowLength(horizon)).toBeLessThanOrEqual(300);
});

it("what arrives at the very start, or at the end of the warm-up, is counted with what it uses; what would arrive at the horizon is not", () => {
  const everySecond = {
    "traffic.chat.arrivals": "{ trace: seconds }",
    "traffic.chat.path": "[answers, api]",
    "providers.api.faults.errorRate": "0",
  };
  const seconds = Float64Array.from({ length: 20 }, (_, i) => i);
  const tokens = new Int32Array(20).fill(10);
  const trace = { name: "seconds", count: 20, time: seconds, inputTokens: tokens, outputTokens: tokens, duration: 20, hash: "" };
  for (const warmup of [0, 4]) {
    const edges = scenarioOf(overflowing, { ...everySecond, warmup: `${warmup}s`, horizon: "10s", "caches.answers.hitRate": "0" });
    const { counts } = runReplication(edges, 0, new Map([["seconds", trace]])).summary.classes["chat"];
    const { caches, providers } = runReplication(edges, 0, new Map([["seconds", trace]])).summary.meters;
    expect(counts.offered).toBe(10 - warmup);
    expect(caches["answers"].lookups).toBe(10 - warmup);
    expect(providers["api"].calls).toBe(10 - warmup);
  }
});
