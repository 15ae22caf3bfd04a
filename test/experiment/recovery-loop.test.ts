import { expect, it } from "vitest";
import { compare } from "../../src/experiment/compare.ts";
import { inlineRunner } from "../../src/experiment/runner.ts";
import { simulate } from "../../src/experiment/simulate.ts";
import { planOf } from "./systems.ts";

/** Ten servers at 80 % load, a spike, and clients who try again before they are answered. */
const text = `
name: Stuck
horizon: 20m
warmup: 2m
replications: 2
traffic:
  chat:
    arrivals: { rate: 8/s, spikes: [{ at: 7m, lasts: 1m, factor: 6 }] }
    inputTokens: { constant: 100 }
    outputTokens: { constant: 10 }
    slo: ["total p90 < 10s"]
    client: { timeout: { total: 30s, attempt: { total: 4s } }, retry: { attempts: 8, backoff: { base: 1s, max: 4s } } }
    path: [gpus]
pools:
  gpus:
    engine: { station: { servers: 10, service: { exponential: { mean: 1s } } } }
    replicas: 1
    price: { perReplicaHour: $1 }
`;
const context = { version: "0", command: "headroom", traces: new Map() };
const runner = inlineRunner(new Map());
const run = async (set: Readonly<Record<string, string>>) => (await simulate(planOf(text, set), runner, context)).result;

it("a spike leaves clients that retry stuck for good, and the counterfactuals name what holds them down", async () => {
  const result = await run({});
  const { recovered, ...stuck } = { recovered: result.points[0].classes["chat"].recoveries[0], ...result.stuck![0] };
  expect(recovered).toMatchObject({ disturbance: "spike", from_s: 420, to_s: 480, judged: 2, recovery_s: null });
  expect(recovered.recoveredShare!.mean).toBe(0);
  expect(recovered.unrecovered!.attemptsPerRequest!.mean).toBeGreaterThan(3);
  expect(recovered.unrecovered!.wastedShare.mean).toBeGreaterThan(0.9);
  const { wasted_s, wasted_usd_per_month } = result.points[0].pools["gpus"];
  expect(wasted_usd_per_month.mean).toBeCloseTo((wasted_s.mean / (18 * 60)) * 730, 6);
  expect(stuck).toMatchObject({ plan: "base", className: "chat", loop: "either" });
  expect(stuck.withoutRetries!.recoveredShare!.mean).toBe(1);
  expect(stuck.withoutAbandonedWork!.recoveredShare!.mean).toBe(1);
  expect(stuck.withoutBoth).toBeUndefined();
  expect(result.advice).toMatch(
    /\. chat does not recover from the spike at 7 m: retries and work for clients who had left hold it down together: without retries it recovers .*, with onCancel: abort in .*\.$/,
  );
  expect(result.warnings.join()).toMatch(/chat does not recover from the spike at 7 m: [\d.]+ attempts per request, /);
});

it("without retries the same spike passes", async () => {
  const result = await run({ "traffic.chat.client.retry.attempts": "1" });
  const [recovery] = result.points[0].classes["chat"].recoveries;
  expect(recovery.recoveredShare!.mean).toBe(1);
  expect(recovery.recovery_s!.mean).toBeLessThan(300);
  expect(recovery.unrecovered).toBeNull();
  expect(result.stuck).toBeUndefined();
  expect(result.warnings.join()).not.toContain("recover");
});

it("no loop is named where the same without retries cannot be simulated, and the result is there all the same", async () => {
  // Without their back-off these clients meet an outage with requests that fail at once, again and again.
  const eager = `
  bots:
    arrivals: { closedLoop: { clients: 1, thinkTime: 0s } }
    inputTokens: { constant: 100 }
    outputTokens: { constant: 10 }
    client: { retry: { attempts: 9 } }
    path: [api]
providers:
  api:
    model: { inputPerMillion: $1, outputPerMillion: $1 }
    latency: { ttft: { constant: 10s }, tpot: { constant: 0s } }
    faults: { outages: { at: [15m], lasts: 5s } }
pools:`;
  const { result } = await simulate(planOf(text.replace("\npools:", eager), {}), runner, context);
  expect(result.points[0].classes["chat"].recoveries[0].recoveredShare!.mean).toBe(0);
  expect(result.stuck).toBeUndefined();
});

it("more load than capacity is no loop: it is said where nothing that is left out makes the system recover", async () => {
  const growing = {
    "traffic.chat.arrivals": "{ profile: [[0s, 8/s], [6m, 8/s], [8m, 20/s]], spikes: [{ at: 7m, lasts: 1m, factor: 2 }] }",
    "traffic.chat.client.retry.attempts": "2",
  };
  const [stuck] = (await run(growing)).stuck!;
  expect(stuck.loop).toBe("load");
  expect([stuck.withoutRetries, stuck.withoutAbandonedWork, stuck.withoutBoth].map((trial) => trial!.recoveredShare!.mean)).toEqual([
    0, 0, 0,
  ]);
  const result = await run({ ...growing, "traffic.chat.client.retry.attempts": "1", "pools.gpus.onCancel": "abort" });
  expect(Object.keys(result.stuck![0])).toEqual(["plan", "className", "recovery", "loop"]);
  expect(result.advice).toContain("it has more load than it works off in the time left, though nothing is retried.");
});

it("in a comparison every stuck system is named, and how long recovery takes is compared where both recover", async () => {
  const plans = [
    planOf(text, { "traffic.chat.client.retry.attempts": "1" }),
    planOf(text, { "traffic.chat.client.retry.budget": "5%" }, "budget"),
    planOf(text, {}, "eager"),
  ];
  const result = await compare(plans, runner, context);
  expect(result.stuck!.map(({ plan }) => plan)).toEqual(["eager"]);
  expect(result.advice).toContain("In eager, chat does not recover from the spike at 7 m");
  const rows = result.differences.filter(({ metric }) => metric === "chat · recovery after the spike at 7 m");
  expect(rows.map(({ to, unit }) => [to, unit])).toEqual([["budget", "s"]]);
});
