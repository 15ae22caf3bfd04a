import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { inputsOf } from "../../../src/experiment/inputs/registry.ts";
import { scaledHitRates } from "../../../src/experiment/inputs/hit-rates.ts";
import { scaledCorpora } from "../../../src/experiment/inputs/corpora.ts";
import { scaledLengths } from "../../../src/experiment/inputs/lengths.ts";
import { movedCount } from "../../../src/experiment/inputs/counts.ts";
import { scaledPrices } from "../../../src/experiment/inputs/prices.ts";
import { scaledTraffic } from "../../../src/experiment/inputs/traffic.ts";
import { runReplication } from "../../../src/experiment/run.ts";
import type { Scenario } from "../../../src/scenario/schema.ts";
import { scenario as written } from "../../scenario/arbitrary.ts";
import { decode, example } from "../../scenario/example.ts";
import { overflowing } from "../overflowing.ts";
import { scenarioOf } from "../systems.ts";
import { reread } from "../valid.ts";

const summaryOf = (scenario: Scenario, replication = 0) => runReplication(scenario, replication, new Map()).summary;

const base = scenarioOf(overflowing);

const drawn = (scenario: Scenario) => {
  const { recorder } = runReplication(scenario, 0, new Map());
  return {
    arrivals: recorder.count,
    input: [...recorder.inputTokens.subarray(0, recorder.count)],
    output: [...recorder.outputTokens.subarray(0, recorder.count)],
  };
};

describe("inputs", () => {
  it("scaled by 1 are the scenario itself, and scaled by others still one that can be written and read", () => {
    fc.assert(
      fc.property(written, fc.constantFrom(0.8, 1.2, 0.5, 2), (raw, factor) => {
        const { scenario } = decode(stringify(raw));
        for (const input of inputsOf(scenario)) {
          expect(JSON.stringify(input.scaled(1)), input.name).toBe(JSON.stringify(scenario));
          expect(() => reread(input.scaled(factor)), input.name).not.toThrow();
        }
      }),
      { numRuns: 20 },
    );
  });

  it("have names of their own", () => {
    const names = inputsOf(decode(example).scenario).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(
      expect.arrayContaining([
        "chat traffic",
        "chat patience",
        "gpus replicas",
        "gpus cold start",
        "hosted limits",
        "answers hit rate",
        "gpus price",
      ]),
    );
  });

  it("that are prices say which dollars go by them", () => {
    const { money } = summaryOf(base);
    for (const { name, dollars, scaled } of inputsOf(base)) {
      if (dollars === undefined) continue;
      const doubled = summaryOf(scaled(2)).money;
      expect(doubled.total.usd_per_month - money.total.usd_per_month, name).toBeCloseTo(dollars(money), 6);
      expect(summaryOf(scaled(2)).classes).toEqual(summaryOf(base).classes);
    }
  });
});

it("replicas that have bounds are told with both, as both move", () => {
  const bounded = scenarioOf(overflowing, { "pools.gpus.replicas": "{ min: 2, max: 8 }" });
  const replicas = inputsOf(bounded).find(({ name }) => name === "gpus replicas")!;
  expect([0.8, 1.2].map((factor) => replicas.moved!(factor))).toEqual(["2–8 to 1–6", "2–8 to 3–10"]);
});

it("twice the traffic offers twice the requests, as Poisson arrivals go", () => {
  const calm = scenarioOf(overflowing, { "traffic.chat.arrivals": "{ rate: 20/s }" });
  const [once, twice] = [drawn(calm).arrivals, drawn(scaledTraffic(calm, 2)).arrivals];
  expect(Math.abs(twice - 2 * once)).toBeLessThan(4 * Math.sqrt(6 * once));
});

it("a closed loop keeps one client, however little traffic is left", () => {
  const loop = scenarioOf(overflowing, { "traffic.chat.arrivals": "{ closedLoop: { clients: 3, thinkTime: 1s } }" });
  expect(() => reread(scaledTraffic(loop, 0.01))).not.toThrow();
});

it("longer prompts and answers have so many times the tokens, up to rounding and the cut of answers", () => {
  const short = drawn(base);
  const long = drawn(scaledLengths(base, { input: 2, output: 1.5 }));
  expect(long.arrivals).toBe(short.arrivals);
  long.input.forEach((tokens, i) => expect(Math.abs(tokens - 2 * short.input[i])).toBeLessThanOrEqual(1));
  long.output.forEach((tokens, i) => expect(Math.abs(tokens - 1.5 * short.output[i])).toBeLessThanOrEqual(1.25));
  const cut = drawn(scaledLengths(scenarioOf(overflowing, { "traffic.chat.maxOutput": "50" }), { output: 3 }));
  expect(Math.max(...cut.output)).toBe(50);
});

it("longer lengths of one class leave the others alone", () => {
  const two = scenarioOf(
    overflowing.replace(
      "\ncaches:",
      "\n  other:\n    arrivals: { rate: 1/s }\n    inputTokens: { constant: 9 }\n    outputTokens: { constant: 9 }\n    path: [gpus]\ncaches:",
    ),
  );
  const { traffic } = scaledLengths(two, { input: 2 }, ["other"]);
  expect(traffic["chat"]).toEqual(two.traffic["chat"]);
  expect(traffic["other"].inputScale).toBe(2);
});

it("prices times k make the money times k, and change nothing else", () => {
  const [before, after] = [summaryOf(base), summaryOf(scaledPrices(base, 4))];
  expect(after.money.total.usd_per_month).toBe(4 * before.money.total.usd_per_month);
  expect(after.classes).toEqual(before.classes);
  const pools = summaryOf(scaledPrices(base, 4, ["gpus"])).money;
  expect(pools.pools["gpus"].total).toBe(4 * before.money.pools["gpus"].total);
  expect(pools.providers).toEqual(before.money.providers);
});

it("hit rates are capped at 100 %, and as large a part of the hits stays wrong", () => {
  expect(scaledHitRates(base, 3).caches["answers"].hitRate).toBeCloseTo(0.3);
  expect(scaledHitRates(base, 30).caches["answers"].hitRate).toBe(1);
  const semantic =
    "{ kind: semantic, embedding: { latency: { constant: 5ms } }, store: kept, threshold: 0.9, hitRate: 40%, wrongHitRate: 10% }";
  const wrong = scenarioOf(overflowing, { "caches.answers": semantic, "vectorStores.kept": "hnsw-single-node" });
  expect(scaledHitRates(wrong, 2).caches["answers"]).toMatchObject({ hitRate: 0.8, wrongHitRate: 0.2 });
  expect(() => reread(scaledHitRates(wrong, 9))).not.toThrow();
});

it("a corpus grows to what the memory holds and no further", () => {
  const store = "{ concurrency: 4, read: { constant: 5ms }, vectors: 1000, memory: { limit: 1.5MB, bytesPerVector: 1kB } }";
  const rag = scenarioOf(overflowing, { "vectorStores.handbook": store, "traffic.chat.path": "[handbook, gpus]" });
  const vectors = (factor: number) => scaledCorpora(rag, factor).vectorStores["handbook"].vectors;
  expect([vectors(0.5), vectors(1.2), vectors(3), vectors(1e-9)]).toEqual([500, 1200, 1500, 1]);
});

it.each([
  [2, 0.8, 1],
  [2, 1.2, 3],
  [10, 1.2, 12],
  [1, 0.8, 1],
  [7, 1, 7],
])("%d times %d is %d whole ones, moved by one at least", (count, factor, moved) => {
  expect(movedCount(count, factor)).toBe(moved);
});
