import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { decodeScenario } from "../../src/scenario/document/decode.ts";
import { resolvedYaml } from "../../src/scenario/resolved.ts";
import type { Scenario } from "../../src/scenario/schema.ts";
import { scenario } from "./arbitrary.ts";
import { catalogue, decode, example } from "./example.ts";

/** Reads what was resolved; its paths are left as they are. */
function reread(text: string): Scenario {
  return decodeScenario({ file: "scenario.resolved.yaml", text, catalogue, resolveFile: (path) => path }).scenario;
}

describe("resolvedYaml", () => {
  it("decodes to the same scenario again, without any profile", () => {
    fc.assert(
      fc.property(scenario, (raw) => {
        const { scenario: decoded } = decode(stringify(raw));
        const text = resolvedYaml(decoded);
        expect(reread(text)).toEqual(decoded);
        expect(resolvedYaml(reread(text))).toBe(text);
      }),
      { numRuns: 150 },
    );
  });

  it("writes every default, in units", () => {
    expect(resolvedYaml(decode(example).scenario)).toMatchInlineSnapshot(`
      "name: example
      seed: 1
      horizon: 1h
      warmup: 5m
      replications: 5
      traffic:
        chat:
          arrivals:
            rate: 1/s
            rateScale: 1
          inputTokens:
            constant: 100
          outputTokens:
            lognormal:
              mean: 200
              cv: 1
            max: 1000
          inputScale: 1
          outputScale: 1
          priority: normal
          slo:
            - ttft p95 < 2s
          client:
            timeout:
              total: 1m
              attempt: {}
            retry:
              attempts: 3
              on:
                - timedOut
                - shed
                - throttled
                - failed
              backoff:
                base: 500ms
                factor: 2
                max: 8s
                jitter: full
              retryAfterMax: 1m
              retryAfterBeyond: backoff
              budget:
                share: 10%
                burst: 10
            degrade: {}
          path:
            - answers
            - first:
                - gpus
                - hosted
              on:
                - timedOut
                - shed
                - throttled
                - failed
      gateways: {}
      caches:
        answers:
          kind: exact
          hitRate: 20%
          latency: 0s
          deterministicShare: 100%
          perHour: $0
      vectorStores: {}
      pipelines: {}
      pools:
        gpus:
          engine:
            gpu: h100
            gpus: 1
            stepTime:
              overhead: 1ms
              denseFloor: 5ms
              denseBase: 0s
              densePerToken: 0s
              expertsFloor: 0s
              expertShare: 100%
              perSequence: 0s
              perKvToken: 0s
              perPrefillPair: 0s
              promptOverhead: 0s
              communication: 0s
              communicationPerToken: 0s
            maxSequences: 256
            maxBatchedTokens: 2048
            kvBlocks: 1000
            blockSize: 16
            chunkedPrefill: true
          replicas:
            min: 1
            max: 4
          warm:
            size: 1
            state: paused
          coldStart:
            phases:
              pulling:
                lognormal:
                  mean: 9m
                  cv: 0.1
              loading:
                constant: 48s
            resume:
              paused:
                constant: 20s
          scaling:
            targetTracking:
              metric: concurrency
              target: 60
              every: 15s
              lag: 0s
              tolerance: 10%
              scaleUpAfter: 0s
              scaleDownAfter: 5m
              cooldown: 0s
          routing:
            leastOutstanding: {}
            staleness: 0s
          queue:
            order: fifo
            shedAbove: {}
          concurrency: {}
          drain: {}
          faults: {}
          onCancel: finish
          price:
            perGpuHour:
              h100: $6.88
              h200: $7.912
            minimum: 0s
            billedFrom: provisioning
      providers:
        hosted:
          model:
            inputPerMillion: $0.2
            outputPerMillion: $1.2
          latency:
            ttft:
              constant: 450ms
            tpot:
              constant: 9ms
            perInputToken: 0s
          limits:
            law: tokenBucket
            rpm: 5000
            retryAfter: false
            burst: 1m
          faults:
            errorRate: 0%
      quotas: {}
      "
    `);
  });
});
