import fc from "fast-check";
import { expect, it } from "vitest";
import { blastRadiusOf, ratio } from "../../src/experiment/blast-radius.ts";
import { estimate } from "../../src/experiment/estimate.ts";
import { type Plan, simulatePlans } from "../../src/experiment/plan.ts";
import type { Finished, Runner } from "../../src/experiment/runner.ts";
import type { Scenario } from "../../src/scenario/schema.ts";
import { planOf } from "./systems.ts";

const text = `
name: Retrieval
horizon: 20m
warmup: 3m
replications: 3
traffic:
  chat:
    arrivals: { rate: 1/s }
    inputTokens: { constant: 100 }
    outputTokens: { constant: 10 }
    path: [gpus]
pools:
  gpus:
    engine: { station: { servers: 1, service: { constant: 1s } } }
    replicas: 1
    price: { perReplicaHour: $1 }
vectorStores:
  handbook:
    concurrency: 8
    read: { constant: 20ms }
    rebuild: { every: 5m, lasts: 1m }
    outages: { at: [10m], lasts: 1m }
    reembed: { at: 12m, rate: 1000/s }
    memory: { limit: 8GB, bytesPerVector: 6000B }
  faq:
    concurrency: 8
    read: { constant: 20ms }
`;

/** What each trouble of the store does in replication i, were it alone; a calm store misses 10 anyway. */
const harm = { rebuild: [40, 50, 60], outages: [100, 100, 100], reembed: [0, 0, 0], memory: [-3, 0, 3] } as const;
const seconds = 17 * 60;

/** Counts misses, time-outs (a half of them) and answers without retrieval (as many) by which troubles a scenario has. */
function tolling(seen: Scenario[] = []): Runner {
  return {
    run: async ({ scenario, replication }) => {
      seen.push(scenario);
      const { handbook } = scenario.vectorStores;
      const misses = Object.entries(harm).reduce(
        (sum, [key, each]) => sum + (handbook[key as keyof typeof harm] === undefined ? 0 : each[replication]),
        10,
      );
      const outcomes = { timedOut: misses / 2 };
      const counts = { offered: 1000, goodput_per_s: (1000 - misses) / seconds, outcomes };
      const stages = { handbook: { without: misses }, faq: { without: 7 } };
      return { summary: { classes: { chat: { counts, stages } } } } as unknown as Finished;
    },
  };
}

const radii = async (plans: readonly Plan[], runner = tolling()) => blastRadiusOf(await simulatePlans(plans, runner), runner);

it("each trouble of a store is taken away alone, and nothing else of the scenario is", async () => {
  const seen: Scenario[] = [];
  await radii([planOf(text)], tolling(seen));
  const { scenario } = planOf(text).decoded;
  const absentIn = seen.map(({ vectorStores }) =>
    Object.keys(harm).filter((key) => vectorStores["handbook"][key as keyof typeof harm] === undefined),
  );
  expect(absentIn.filter((_, i) => i % 3 === 0)).toEqual([[], ["rebuild"], ["outages"], ["reembed"], ["memory"]]);
  for (const one of seen) {
    const handbook = { ...one.vectorStores["handbook"] };
    for (const key of Object.keys(harm)) Object.assign(handbook, { [key]: scenario.vectorStores["handbook"][key as keyof typeof harm] });
    expect({ ...one, vectorStores: { ...one.vectorStores, handbook } }).toEqual(scenario);
  }
});

it("what a trouble caused is paired by replication", async () => {
  const [rebuild, outage, reembedding, memory] = await radii([planOf(text)]);
  expect([rebuild, outage, reembedding, memory].map(({ store, trouble }) => `${store} ${trouble}`)).toEqual([
    "handbook rebuild",
    "handbook outage",
    "handbook reembedding",
    "handbook memory",
  ]);
  expect(rebuild.missesCaused).toEqual(estimate(harm.rebuild));
  expect(rebuild.timeoutsCaused).toEqual(estimate([20, 25, 30]));
  expect(rebuild.withoutCaused).toEqual(estimate(harm.rebuild));
  expect(rebuild.misses).toEqual(estimate([147, 160, 173]));
  expect(rebuild.causedShare!.mean).toBeCloseTo(150 / 480, 12);
  expect(outage.missesCaused).toEqual({ mean: 100, low: 100, high: 100 });
  expect(reembedding.missesCaused).toEqual({ mean: 0, low: 0, high: 0 });
  expect(memory.missesCaused.low).toBeLessThan(0);
});

it("every system that is compared is told of by its name, and a store without troubles not at all", async () => {
  const calm = text.replaceAll(/ {4}(rebuild|reembed|memory):.*\n/g, "");
  const found = await radii([planOf(text), planOf(calm, {}, "calm")]);
  expect(found.map(({ plan, trouble }) => `${plan} ${trouble}`)).toEqual([
    "base rebuild",
    "base outage",
    "base reembedding",
    "base memory",
    "calm outage",
  ]);
});

it("a ratio is that of the sums, without an interval of one replication, and null of nothing", () => {
  const counts = fc.array(fc.tuple(fc.nat(1000), fc.integer({ min: 1, max: 1000 })), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(counts, (pairs) => {
      const [parts, wholes] = [pairs.map(([part]) => part), pairs.map(([, whole]) => whole)];
      const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
      const { mean, low, high } = ratio(parts, wholes)!;
      expect(mean).toBeCloseTo(sum(parts) / sum(wholes), 9);
      if (pairs.length === 1) expect(low).toBeUndefined();
      else expect((low! + high!) / 2).toBeCloseTo(mean, 9);
    }),
  );
  expect(ratio([0, 0], [0, 0])).toBeNull();
});

it("a ratio that is the same in every replication is certain, however much its sums differ", () => {
  const { mean, low, high } = ratio([5, 50, 500], [10, 100, 1000])!;
  expect([mean, low, high].map((value) => Number(value!.toPrecision(12)))).toEqual([0.5, 0.5, 0.5]);
});
