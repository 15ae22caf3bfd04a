import type { Assignment } from "../../src/scenario/document/assignments.ts";
import { type DecodedScenario, decodeScenario } from "../../src/scenario/document/decode.ts";
import type { Catalogue } from "../../src/scenario/document/profiles.ts";

const provenance = { source: "a test", asOf: "2026-01-01", how: "assumed" };

const profiles: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  engines: {
    "llama/h100": { ...provenance, notes: "n", error: "e", gpu: "h100", stepTime: { overhead: "1ms", denseFloor: "5ms" }, kvBlocks: 1000 },
    "llama/l40s": { ...provenance, gpu: "l40s", gpus: 2, stepTime: { overhead: "1ms", denseFloor: "20ms" }, kvBlocks: 500 },
    broken: { ...provenance, stepTime: { overhead: "1 lightyear" }, kvBlocks: 1000 },
  },
  "cold-starts": {
    kubernetes: {
      ...provenance,
      phases: { pulling: { lognormal: { mean: "9m", cv: 0.1 } }, loading: { constant: "48s" } },
      resume: { paused: { constant: "20s" } },
    },
  },
  "token-prices": { "gpt-small": { ...provenance, inputPerMillion: "$0.20", outputPerMillion: "$1.20" } },
  "provider-limits": {
    "one-limit": { ...provenance, law: "streaming", tpm: "2M" },
    "two-limits": {
      ...provenance,
      input: { law: "streaming", rpm: 1000, tpm: "2M", outputWeight: 0 },
      output: { law: "streaming", tpm: "400k", inputWeight: 0 },
    },
  },
  clients: {
    sdk: {
      ...provenance,
      timeout: { attempt: { total: "600s" } },
      retry: { attempts: 3, budget: { tokenBucket: { capacity: 500, cost: 5 } } },
    },
    broken: { ...provenance, retry: { attempts: 0 } },
  },
  "gpu-prices": { cloud: { ...provenance, how: "datasheet", perGpuHour: { h100: "$6.88", h200: "$7.912" } } },
};

export const catalogue: Catalogue = {
  find: (kind, name) => (Object.hasOwn(profiles[kind] ?? {}, name) ? profiles[kind][name] : undefined),
  names: (kind) => Object.keys(profiles[kind] ?? {}),
};

/** A small scenario with one of most things. */
export const example = `name: example
horizon: 1h
warmup: 5m
traffic:
  chat:
    arrivals: { rate: 1/s }
    inputTokens: { constant: 100 }
    outputTokens: { lognormal: { mean: 200, cv: 1 }, max: 1k }
    slo: ["ttft p95 < 2s"]
    client: { timeout: { total: 60s }, retry: { attempts: 3, budget: 10% } }
    path: [answers, { first: [gpus, hosted] }]
caches:
  answers: { kind: exact, hitRate: 20% }
pools:
  gpus:
    engine: llama/h100
    replicas: { min: 1, max: 4 }
    warm: { size: 1 }
    coldStart: kubernetes
    scaling: { targetTracking: { metric: concurrency, target: 60 } }
    price: cloud
providers:
  hosted:
    model: gpt-small
    limits: { law: tokenBucket, rpm: 5000 }
    latency: { ttft: { constant: 450ms }, tpot: { constant: 9ms } }
`;

export function decode(text: string, ...flags: string[]): DecodedScenario {
  return decodeScenario({
    file: "plan.yaml",
    text,
    assignments: flags.map(parseFlag),
    catalogue,
    resolveFile: (path, from) => `${from}/${path}`,
  });
}

function parseFlag(flag: string): Assignment {
  const at = flag.indexOf("=");
  return { flag: "--set", path: flag.slice(0, at), value: flag.slice(at + 1) };
}

/** The example with one piece of its text put in the place of another, which must be there. */
export function exampleWith(from: string, to: string): string {
  if (!example.includes(from)) throw new Error(`the example has no ${from}`);
  return example.replace(from, to);
}
