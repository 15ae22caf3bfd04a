import { expect, it } from "vitest";
import { openModels } from "../../src/cli/catalogue.ts";
import { build } from "../../src/scenario/build.ts";
import { decodeScenario } from "../../src/scenario/document/decode.ts";
import { Requests } from "../../src/traffic/requests.ts";
import { type Outcome, outcomes } from "../../src/traffic/outcome.ts";
import { readText } from "../traffic/csv/read-text.ts";

/** The scenario by which the format was designed, letter for letter. */
const designed = `# yaml-language-server: $schema=../scenario.schema.json
name: Support assistant, launch week
seed: 7
horizon: 24h
warmup: 30m
replications: 5

traffic:
  chat:
    arrivals: { trace: ../../data/chat-day.csv, rateScale: 1.5 }
    maxOutput: 1024
    slo: ["ttft p95 < 2s", "total p99 < 60s", "success >= 99.5%"]
    client:
      timeout: { ttft: 10s, total: 60s }
      retry: { attempts: 3, backoff: { base: 500ms, factor: 2, max: 8s, jitter: full }, budget: 10% }
    path: [answers, similar, handbook, { first: [gpus, openai] }]
  digests:
    arrivals: { rate: 0.5/s, cv: 3 }
    inputTokens: { lognormal: { mean: 6000, cv: 1.2 }, max: 30000 }
    outputTokens: { lognormal: { mean: 350, cv: 0.6 }, max: 2000 }
    priority: low
    slo: ["total p95 < 5m", "success >= 99%"]
    client: { preset: openai-sdk }
    path: [gpus]

caches:
  answers: { kind: exact, keys: { zipf: { exponent: 1.05, count: 200k } }, capacity: 50k, ttl: 1h, deterministicShare: 70% }
  similar: { kind: semantic, embedding: text-embedding-3-small, store: handbook, threshold: 0.95, hitRate: 12%, wrongHitRate: 0.6% }

vectorStores:
  handbook: { profile: hnsw-single-node, vectors: 1.8M, writes: 20/s, rebuild: { every: 6h, lasts: 11m, effect: slowReads }, timeout: 800ms, onFailure: answerWithout }

pools:
  gpus:
    engine: llama-3.1-8b/h100/tp1
    replicas: { min: 2, max: 10 }
    warm: { size: 1, state: paused }
    coldStart: 8b-kubernetes
    scaling: { targetTracking: { metric: concurrency, target: 60, every: 15s, lag: 30s, scaleDownAfter: 10m } }
    routing: leastOutstanding
    queue: { capacity: 400, maxWait: 20s }
    onCancel: finish
    price: { perReplicaHour: $6.88, reserved: { count: 2, perReplicaHour: $4.20 } }

providers:
  openai:
    model: gpt-5.6-luna
    limits: { law: reserveSettle, rpm: 5000, tpm: 2M, retryAfter: true }
    latency: { ttft: { lognormal: { p50: 450ms, p99: 2.5s } }, tpot: { lognormal: { p50: 9ms, p99: 30ms } } }
    faults: { errorRate: 0.2%, outages: { every: 14d, lasts: 40m } }
`;

it("the scenario of the design is decoded as written, and every request of it ends", () => {
  const { scenario } = decodeScenario({ file: "plan.yaml", text: designed, catalogue: openModels(), resolveFile: () => "chat.csv" });
  const rows = Array.from({ length: 400 }, (_, i) => `${i},${300 + i},${50 + (i % 100)}`);
  const trace = readText(["time,input,output", ...rows].join("\n"));
  const requests = new Requests();
  const ended = new Map<Outcome, number>();
  const { simulation } = build(scenario, 0, new Map([["chat.csv", trace]]), 600, requests, (_, outcome) => {
    const name = outcomes[outcome];
    ended.set(name, (ended.get(name) ?? 0) + 1);
  });
  simulation.run(1200);
  const digests = 0.5 * 1200;
  expect(ended.get("served")).toBeGreaterThan(400 + digests / 3);
  expect([...ended.keys()]).toEqual(["served"]);
});
