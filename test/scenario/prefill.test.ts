import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PlanError } from "../../src/base/plan-error.ts";
import { runReplication } from "../../src/experiment/run.ts";
import { build } from "../../src/scenario/build.ts";
import { requireReadablePrompts } from "../../src/scenario/prompts.ts";
import { resolvedYaml } from "../../src/scenario/resolved.ts";
import { ContinuousBatch } from "../../src/serving/replica/continuous-batch.ts";
import { outcomes } from "../../src/traffic/outcome.ts";
import { Requests } from "../../src/traffic/requests.ts";
import type { Trace } from "../../src/traffic/trace.ts";
import { decode } from "./example.ts";

const scenario = `name: apart
horizon: 10m
traffic:
  chat:
    arrivals: { rate: 2/s }
    inputTokens: { constant: 1000 }
    outputTokens: { constant: 50 }
    path: [writers]
pools:
  readers:
    engine: { extends: llama/h100, kvBlocks: 2000 }
    replicas: 2
  writers:
    engine: { extends: llama/h100, kvBytesPerToken: 131072 }
    replicas: 4
    prefill: { pool: readers, transfer: { bandwidth: 50GB/s } }
  embedder:
    engine: { station: { service: { constant: 40ms } } }
    replicas: 1
  batcher:
    engine: { staticBatch: { size: 8, wait: 1s, service: { constant: 40ms } } }
    replicas: 1
`;

/** The message of the mistake in the scenario with each first text replaced by the second, which must be there. */
function message(...replacements: readonly [from: string, to: string][]): string {
  let text = scenario;
  for (const [from, to] of replacements) {
    if (!text.includes(from)) throw new Error(`the scenario has no ${from}`);
    text = text.replace(from, to);
  }
  try {
    decode(text);
  } catch (error) {
    if (error instanceof PlanError) return `${error.details.code}: ${error.message}`;
    throw error;
  }
  throw new Error("the scenario was decoded");
}

describe("a pool's prefill", () => {
  it("is decoded with its defaults", () => {
    const { writers, readers } = decode(scenario).scenario.pools;
    expect(writers.prefill).toEqual({ pool: "readers", transfer: { bandwidth: 50e9, latency: 0, links: 1 } });
    expect(readers.prefill).toBeUndefined();
  });

  it("is written out so that it decodes again to the same", () => {
    const { scenario: decoded } = decode(scenario.replace("50GB/s }", "50GB/s, latency: 2ms, links: 8 }"));
    expect(decode(resolvedYaml(decoded)).scenario).toEqual(decoded);
  });

  it("is refused where it is wrong, with what would be right", () => {
    const wrong = [
      message(["pool: readers", "pool: raeders"]),
      message(["pool: readers", "pool: writers"]),
      message(
        ["replicas: 2", "replicas: 2\n    prefill: { pool: writers, transfer: { bandwidth: 1GB/s } }"],
        ["kvBlocks: 2000", "kvBytesPerToken: 131072"],
      ),
      message(["pool: readers", "pool: embedder"]),
      message(["pool: readers", "pool: batcher"]),
      message(["replicas: 1", "replicas: 1\n    prefill: { pool: readers, transfer: { bandwidth: 1GB/s } }"]),
      message([", kvBytesPerToken: 131072", ""]),
      message(["kvBlocks: 2000", "llm: llama-70b"], ["kvBytesPerToken: 131072", "kvBytesPerToken: 131072, llm: llama-8b"]),
      message(["kvBlocks: 2000", "kvBytesPerToken: 65536"]),
      message(["bandwidth: 50GB/s", "bandwidth: 50"]),
      message(["bandwidth: 50GB/s", "bandwidth: 50GB/s, links: 0"]),
      message(["bandwidth: 50GB/s", "latency: 2ms"]),
    ];
    expect(wrong.join("\n\n")).toMatchInlineSnapshot(`
      "unknown-name: plan.yaml:16:22: pools.writers.prefill.pool: there is no pool \`raeders\`
        16 |     prefill: { pool: raeders, transfer: { bandwidth: 50GB/s } }
                                  ^
        hint: did you mean \`readers\`?

      contradiction: plan.yaml:16:22: pools.writers.prefill.pool: the pool names itself
        16 |     prefill: { pool: writers, transfer: { bandwidth: 50GB/s } }
                                  ^
        hint: name another pool, or leave prefill out

      contradiction: plan.yaml:13:22: pools.readers.prefill.pool: \`writers\` has its own prompts read by \`readers\`
        13 |     prefill: { pool: writers, transfer: { bandwidth: 1GB/s } }
                                  ^
        hint: name a pool without prefill
        also: line 17: pools.writers.prefill.pool: \`readers\` has its own prompts read by \`writers\`

      contradiction: plan.yaml:16:22: pools.writers.prefill.pool: \`embedder\` has a station as its engine, which leaves no KV
        16 |     prefill: { pool: embedder, transfer: { bandwidth: 50GB/s } }
                                  ^
        hint: name a pool with an LLM engine

      contradiction: plan.yaml:16:22: pools.writers.prefill.pool: \`batcher\` has a staticBatch as its engine, which leaves no KV
        16 |     prefill: { pool: batcher, transfer: { bandwidth: 50GB/s } }
                                  ^
        hint: name a pool with an LLM engine

      contradiction: plan.yaml:20:14: pools.embedder.prefill: the pool has a station as its engine, which takes no KV
        20 |     prefill: { pool: readers, transfer: { bandwidth: 1GB/s } }
                          ^
        hint: leave prefill out, or give the pool an LLM engine

      missing-key: plan.yaml:16:14: pools.writers.prefill: needs to know how many bytes of KV a token has: the engine has no kvBytesPerToken
        16 |     prefill: { pool: readers, transfer: { bandwidth: 50GB/s } }
                          ^
        hint: name a derived profile as the engine, or give engine.kvBytesPerToken

      contradiction: plan.yaml:16:22: pools.writers.prefill.pool: \`readers\` runs llama-70b, whose KV llama-8b cannot use
        16 |     prefill: { pool: readers, transfer: { bandwidth: 50GB/s } }
                                  ^
        hint: give both pools an engine of llama-8b

      contradiction: plan.yaml:16:22: pools.writers.prefill.pool: \`readers\` has 65536 bytes of KV per token, and \`writers\` 131072
        16 |     prefill: { pool: readers, transfer: { bandwidth: 50GB/s } }
                                  ^
        hint: give both pools the same model with KV in the same precision, and both engines one kvBytesPerToken

      wrong-unit: plan.yaml:16:54: pools.writers.prefill.transfer.bandwidth: must be a bandwidth (found 50)
        16 |     prefill: { pool: readers, transfer: { bandwidth: 50 } }
                                                                  ^
        hint: write it like 3.35TB/s, 450GB/s

      out-of-range: plan.yaml:16:69: pools.writers.prefill.transfer.links: must be at least 1 (found 0)
        16 |     prefill: { pool: readers, transfer: { bandwidth: 50GB/s, links: 0 } }
                                                                                 ^
        hint: allowed: whole numbers, from 1, up to 100000

      missing-key: plan.yaml:16:31: pools.writers.prefill.transfer: needs bandwidth
        16 |     prefill: { pool: readers, transfer: { latency: 2ms } }
                                           ^
        hint: bandwidth: bytes that one link carries in a second; write it like 3.35TB/s, 450GB/s"
    `);
  });
});

/** Readers that also have clients and serve two pools of writers, one of which scales from nothing; all of it too small. */
const crowded = (onCancel: string, patience: number, links: number) => `name: crowded
horizon: 10m
traffic:
  chat:
    arrivals: { trace: burst.csv }
    client: { timeout: { ttft: ${patience / 2}s, total: ${patience}s, attempt: { total: ${0.8 * patience}s } }, retry: { attempts: 3 } }
    path: [{ first: [writers, others] }]
  direct:
    arrivals: { trace: burst.csv }
    client: { timeout: { total: 30s } }
    path: [readers]
pools:
  writers:
    engine: { stepTime: { overhead: 40ms, perKvToken: 1us }, kvBlocks: 60, maxSequences: 8, kvBytesPerToken: 100k }
    replicas: { min: 0, max: 2 }
    coldStart: { phases: { loading: { exponential: { mean: 5s } } } }
    scaling: { targetTracking: { metric: concurrency, target: 4, every: 2s, scaleDownAfter: 4s } }
    prefill: { pool: readers, transfer: { bandwidth: 100MB/s, latency: 20ms, links: ${links} } }
    queue: { capacity: 10, maxWait: 6s }
    onCancel: ${onCancel}
  readers:
    engine: { stepTime: { overhead: 20ms, densePerToken: 400us }, kvBlocks: 100, maxBatchedTokens: 512 }
    replicas: 1
    queue: { maxWait: 8s }
    onCancel: ${onCancel}
  others:
    engine: { stepTime: { overhead: 50ms }, kvBlocks: 60, maxSequences: 4, kvBytesPerToken: 100k }
    replicas: 1
    prefill: { pool: readers, transfer: { bandwidth: 1GB/s } }
    routing: random
`;

const lengths = fc.integer({ min: 1, max: 900 });
const burst = fc
  .array(
    fc.record({
      gap: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 2, noNaN: true })),
      input: lengths,
      output: fc.integer({ min: 1, max: 120 }),
    }),
    {
      minLength: 1,
      maxLength: 40,
    },
  )
  .map((requests): Trace => {
    let time = 0;
    return {
      name: "burst.csv",
      count: requests.length,
      duration: 1e9,
      hash: "",
      time: Float64Array.from(requests, ({ gap }, i) => (time += i === 0 ? 0 : gap)),
      inputTokens: Int32Array.from(requests, ({ input }) => input),
      outputTokens: Int32Array.from(requests, ({ output }) => output),
    };
  });

describe("a system with prefill", () => {
  it("ends every request once and leaves no attempt, no place and no KV block behind", () => {
    const seen = new Set<string>();
    const servers = new Set<number>();
    fc.assert(
      fc.property(
        burst,
        fc.constantFrom("finish", "abort"),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom(1, 4),
        (trace, onCancel, patience, links) => {
          const { scenario: given } = decode(crowded(onCancel, patience, links));
          const requests = new Requests();
          const ends: number[] = [];
          const system = build(
            given,
            0,
            new Map([["file/burst.csv", trace]]),
            600,
            requests,
            (request, outcome, servedBy, firstTokenAt, endedAt) => {
              ends.push(requests.ordinal[request]);
              seen.add(outcomes[outcome]);
              servers.add(servedBy);
              if (outcomes[outcome] !== "served") return;
              expect(firstTokenAt).toBeGreaterThan(requests.arrivedAt[request]);
              expect(endedAt).toBeGreaterThanOrEqual(firstTokenAt);
            },
          );
          system.simulation.run(1000);
          expect(ends.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 2 * trace.count }, (_, i) => i));
          expect([requests.inFlight, system.attempts.inFlight]).toEqual([0, 0]);
          for (const { waiting, stays, fleet } of Object.values(system.pools)) {
            expect([waiting, stays.outstanding.value]).toEqual([0, 0]);
            for (const { replica } of fleet.members) {
              expect(replica.outstanding).toBe(0);
              expect(replica).toBeInstanceOf(ContinuousBatch);
              const batch = (replica as ContinuousBatch)["batch"];
              expect(batch.blocks.free).toBe(batch["limits"].kvBlocks);
            }
          }
        },
      ),
      { numRuns: 150 },
    );
    expect([...seen].sort()).toEqual(["failed", "served", "shed", "timedOut"]);
    expect([...servers].sort((a, b) => a - b)).toEqual([-1, 0, 1, 2]);
  });

  it("meets the same requests as one without, and counts its readers' and writers' work apart", () => {
    const apart = runReplication(decode(scenario).scenario, 0, new Map());
    const together = runReplication(decode(scenario.replace(/\n {4}prefill:.*/, "")).scenario, 0, new Map());
    for (const column of ["arrivedAt", "inputTokens", "outputTokens"] as const) {
      expect(apart.recorder[column].slice(0, apart.recorder.count)).toEqual(together.recorder[column].slice(0, together.recorder.count));
    }
    const busy = ({ summary }: typeof apart, pool: string) => summary.meters.pools[pool].busySeconds;
    expect(busy(apart, "readers")).toBeGreaterThan(0);
    expect(busy(apart, "writers")).toBeLessThan(busy(together, "writers"));
    expect(busy(together, "readers")).toBe(0);
  });

  it("needs readers that can read the longest prompt, whatever the writers can", () => {
    const inOnePiece = "chunkedPrefill: false, maxBatchedTokens: 999";
    const readers = decode(scenario.replace("kvBlocks: 2000", `kvBlocks: 2000, ${inOnePiece}`)).scenario;
    expect(() => requireReadablePrompts(readers, new Map())).toThrow(/and readers reads at most 999 tokens/);
    const writers = decode(scenario.replace("kvBytesPerToken: 131072", `kvBytesPerToken: 131072, ${inOnePiece}`)).scenario;
    expect(() => requireReadablePrompts(writers, new Map())).not.toThrow();
  });
});
