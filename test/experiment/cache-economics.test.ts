import { expect, it } from "vitest";
import { inlineRunner } from "../../src/experiment/runner.ts";
import { simulate } from "../../src/experiment/simulate.ts";
import { sweep } from "../../src/experiment/sweep.ts";
import { planOf } from "./systems.ts";

/** Answers of exactly 1000 tokens for prompts of 500, which take a second each. */
const hosted = (cache: string, more = "") => `
name: Hosted
horizon: 21m
warmup: 1m
replications: 3
traffic:
  chat: { arrivals: { rate: 1/s }, inputTokens: { constant: 500 }, outputTokens: { constant: 1000 }, path: [answers, api] }
${more}
caches: { answers: ${cache} }
providers:
  api:
    model: { inputPerMillion: $2, outputPerMillion: $10 }
    latency: { ttft: { constant: 1s }, tpot: { constant: 0s } }
`;
const context = { version: "0", command: "", traces: new Map() };
const runner = inlineRunner(new Map());
const run = async (text: string) => (await simulate(planOf(text), runner, context)).result;
const monthly = (usd: number): number => (usd / (20 * 60)) * 3600 * 730;
const perCall = (500 * 2 + 1000 * 10) / 1e6;

it("saves what its hits would have been billed, for what its nodes cost", async () => {
  const { points, advice } = await run(hosted("{ kind: exact, hitRate: 30%, perHour: $1, latency: 20ms }"));
  const { answers } = points[0].economics!;
  const hits = points[0].caches["answers"].hits.mean;
  expect(answers.saved_usd_per_month.caches).toEqual({ mean: -730, low: -730, high: -730 });
  expect(answers.saved_usd_per_month.tokens!.mean / monthly(hits * perCall)).toBeCloseTo(1, 2);
  expect(answers.tokensSaved.mean / (hits * 1500)).toBeCloseTo(1, 2);
  expect(answers.net_usd_per_month.mean).toBeCloseTo(answers.saved_usd_per_month.tokens!.mean - 730, 6);
  expect(Object.keys(answers.saved_usd_per_month)).toEqual(["tokens", "caches"]);
  expect(answers.cost_usd_per_month.mean).toBeCloseTo(730, 0);
  expect(answers.hitGain_s!.mean).toBeCloseTo(0.98, 4);
  expect(answers.missLoss_s!.mean).toBeCloseTo(0.02, 4);
  expect(advice).toMatch(/The cache answers saves \$[\d,]+ ± \d+ a month net\.$/);
});

it("without any latency its hits save exactly what they would have been billed", async () => {
  const { points } = await run(hosted("{ kind: exact, hitRate: 30% }"));
  const { answers } = points[0].economics!;
  const hits = points[0].caches["answers"].hits.mean;
  expect(answers.saved_usd_per_month.tokens!.mean).toBeCloseTo(monthly(hits * perCall), 6);
  expect(answers.attemptsSaved.mean).toBe(hits);
  expect(answers.cost_usd_per_month.mean).toBe(0);
  expect(answers.breakEvenHitShare!.mean).toBe(0);
});

it("at the hit rate at which it breaks even it neither pays nor loses", async () => {
  const at = async (hitRate: string) =>
    (await run(hosted(`{ kind: exact, hitRate: ${hitRate}, perHour: $9 }`))).points[0].economics!["answers"];
  const even = (await at("50%")).breakEvenHitShare!;
  expect(even.mean).toBeCloseTo(9 / (3600 * perCall), 1);
  const there = await at(`${(even.mean * 100).toFixed(4)}%`);
  expect(there.net_usd_per_month.low).toBeLessThan(0);
  expect(there.net_usd_per_month.high).toBeGreaterThan(0);
  expect((await at("1%")).net_usd_per_month.high).toBeLessThan(0);
});

it("fixed pools cost what they cost, and are less busy", async () => {
  const pool = "{ engine: { stepTime: { overhead: 10ms }, kvBlocks: 10000 }, replicas: 2, price: { perReplicaHour: $4 } }";
  const text = hosted("{ kind: exact, hitRate: 30% }")
    .replace("[answers, api]", "[answers, gpus]")
    .replace(/providers:[^]*/, `pools: { gpus: ${pool} }`);
  const { points, advice } = await run(text);
  const { answers } = points[0].economics!;
  expect(answers.saved_usd_per_month).toEqual({});
  expect(answers.net_usd_per_month.mean).toBe(0);
  expect(answers.breakEvenHitShare).toBeNull();
  expect(answers.replicaHoursSaved.mean).toBeGreaterThan(0);
  expect(advice).toContain("The cache answers changes nothing that is paid for");
});

it("in a closed loop requests cannot be paired, so that no gain of a hit is told", async () => {
  const text = hosted("{ kind: exact, hitRate: 30% }").replace("{ rate: 1/s }", "{ closedLoop: { clients: 3 } }");
  expect((await run(text)).points[0].economics!["answers"]).toMatchObject({ hitGain_s: null, missLoss_s: null });
});

it("what a prompt cache writes is what it would cost without hits, and hits at a lower price are what it saves", async () => {
  const text = hosted("{ kind: exact, hitRate: 0% }")
    .replace("path:", "sharedPrefix: { tokens: 400 }, path:")
    .replace("outputPerMillion: $10", "outputPerMillion: $10, cachedInputPerMillion: $0.2, cacheWritePerMillion: $3")
    .replace("  api:", "  api:\n    promptCache: { minPrefix: 100 }");
  const { points } = await run(text);
  const worth = points[0].economics!["api prompt cache"];
  const { calls } = points[0].providers["api"];
  expect(worth.net_usd_per_month.mean).toBeCloseTo(monthly((calls.mean * 400 * 1.8) / 1e6), 4);
  expect(worth.cost_usd_per_month.mean).toBeCloseTo(monthly((calls.mean * 400 * 1) / 1e6), 4);
  expect(worth.hitShare.mean).toBeCloseTo(0.8, 6);
  expect(worth.breakEvenHitShare!.mean).toBeCloseTo((0.8 * 1) / 2.8, 6);
});

it("a sweep over a cache tells its worth in each plan, names the one that loses, and simulates equal scenarios once", async () => {
  let runs = 0;
  const counting = { run: async (task: Parameters<typeof runner.run>[0]) => ((runs += 1), runner.run(task)) };
  const text = hosted("{ kind: exact, hitRate: 50%, perHour: $9 }");
  const axis = { path: "caches.answers.hitRate", label: "hitRate", values: ["1%", "50%"] };
  const plans = axis.values.map((value) => ({ ...planOf(text, { [axis.path]: value }, value), values: [value] }));
  const { points, advice } = await sweep(plans, [axis], counting, context);
  expect(points.map(({ economics }) => Math.sign(economics!["answers"].net_usd_per_month.mean))).toEqual([-1, 1]);
  expect(advice).toMatch(
    /At hitRate 1% the cache answers costs \$[\d,]+ ± \d+ a month more than it saves: it spends \$6,570 on cache nodes; at hitRate 50% it saves \$/,
  );
  expect(runs).toBe(3 * 4);
});

it("with other axes varied only the plan advised is asked, and without a choice none", async () => {
  const text = hosted("{ kind: exact, hitRate: 50% }", "");
  const axis = { path: "traffic.chat.client.retry.attempts", label: "retry attempts", values: ["1", "2"] };
  const plans = axis.values.map((value) => ({ ...planOf(text, { [axis.path]: value }, value), values: [value] }));
  const { points } = await sweep(plans, [axis], runner, context);
  expect(points.map(({ economics }) => economics)).toEqual([undefined, undefined]);
});
