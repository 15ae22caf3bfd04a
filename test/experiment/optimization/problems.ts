import { distinct } from "../../../src/experiment/axes.ts";
import { Candidates, type Decode, probe } from "../../../src/experiment/optimization/candidates.ts";
import type { Axis } from "../../../src/experiment/result.ts";
import type { DecodedScenario } from "../../../src/scenario/document/decode.ts";
import { planOf } from "../systems.ts";

/** A small system to choose a plan for, and what may be chosen. */
export interface Problem {
  readonly kind: string;
  readonly text: string;
  readonly axes: readonly Axis[];
}

/** Repeatable numbers from 0 to 1, as good as needed to vary examples. */
function numbers(seed: number): () => number {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

const range = (from: number, to: number): string[] => Array.from({ length: to - from + 1 }, (_, i) => String(from + i));
const axis = (path: string, values: readonly string[]): Axis => ({ path, label: path.split(".").slice(2).join(" "), values });

const engine =
  "{ stepTime: { overhead: 2ms, denseFloor: 15ms, denseBase: 5ms, densePerToken: 90us, perKvToken: 0.1us }, maxSequences: 3, kvBlocks: 2000 }";
const slowEngine =
  "{ stepTime: { overhead: 2ms, denseFloor: 25ms, denseBase: 9ms, densePerToken: 150us, perKvToken: 0.1us }, maxSequences: 3, kvBlocks: 2000 }";

function traffic(random: () => number, perSecond: number, path: string): string {
  const cv = 1 + 2 * random();
  const bound = (0.6 + 1.5 * random()).toFixed(2);
  const p = random() < 0.5 ? 90 : 80;
  return `
name: Small
seed: ${1 + Math.floor(random() * 1e6)}
horizon: 40s
warmup: 10s
replications: 5
traffic:
  chat:
    arrivals: { rate: ${perSecond.toFixed(2)}/s, cv: ${cv.toFixed(2)} }
    inputTokens: { lognormal: { mean: 200, cv: 1 }, max: 2000 }
    outputTokens: { lognormal: { mean: 50, cv: 0.7 }, max: 300 }
    slo: ["ttft p${p} < ${bound}s", "success >= ${p}%"]
    client: { timeout: { ttft: 5s, total: 20s }, retry: { attempts: 2 } }
    path: ${path}`;
}

const kinds: Readonly<Record<string, (random: () => number) => Omit<Problem, "kind">>> = {
  "a fixed pool": (random) => ({
    text: `${traffic(random, 4 + 8 * random(), "[gpus]")}
pools:
  gpus: { engine: ${engine}, replicas: 1, queue: { maxWait: 3s }, price: { perReplicaHour: $3 } }`,
    axes: [
      axis("pools.gpus.replicas", range(1, 10)),
      axis("pools.gpus.queue.maxWait", ["1", "3", "9"]),
      axis("traffic.chat.client.retry.attempts", ["1", "3"]),
    ],
  }),
  "engines to choose from": (random) => ({
    text: `${traffic(random, 4 + 8 * random(), "[gpus]")}
pools:
  gpus: { engine: ${engine}, replicas: 1, queue: { maxWait: 3s }, price: { perReplicaHour: $3 } }`,
    axes: [
      axis("pools.gpus.engine", [engine, slowEngine]),
      axis("pools.gpus.replicas", range(1, 10)),
      axis("pools.gpus.queue.maxWait", ["1", "3", "9"]),
    ],
  }),
  "an autoscaled pool with cold starts": (random) => ({
    text: `${traffic(random, 6 + 8 * random(), "[gpus]")}
pools:
  gpus:
    engine: ${engine}
    replicas: { min: 1, max: 8 }
    warm: { size: 0, state: paused }
    coldStart: { phases: { loading: { lognormal: { mean: ${(5 + 20 * random()).toFixed(1)}s, cv: 0.4 } } } }
    scaling: { targetTracking: { metric: concurrency, target: ${2 + Math.floor(random() * 2)}, every: 3s, lag: 2s, scaleDownAfter: 15s } }
    queue: { maxWait: 4s }
    price: { perReplicaHour: $3 }`,
    axes: [
      axis("pools.gpus.replicas.min", range(1, 8)),
      axis("pools.gpus.warm.size", range(0, 3)),
      axis("pools.gpus.queue.maxWait", ["2", "8"]),
    ],
  }),
  "an autoscaled pool with a ceiling": (random) => ({
    text: `${traffic(random, 6 + 8 * random(), "[gpus]")}
pools:
  gpus:
    engine: ${engine}
    replicas: { min: 1, max: 8 }
    warm: { size: 0, state: paused }
    coldStart: { phases: { loading: { lognormal: { mean: ${(5 + 10 * random()).toFixed(1)}s, cv: 0.4 } } } }
    scaling: { targetTracking: { metric: concurrency, target: ${2 + Math.floor(random() * 2)}, every: 3s, lag: 2s, scaleDownAfter: 15s } }
    price: { perReplicaHour: $3, reserved: { count: 2, perReplicaHour: $2 } }`,
    axes: [
      axis("pools.gpus.replicas.min", range(1, 7)),
      axis("pools.gpus.replicas.max", range(4, 9)),
      axis("pools.gpus.warm.size", range(0, 2)),
    ],
  }),
  "a pool with a provider behind it": (random) => ({
    text: `${traffic(random, 4 + 8 * random(), "[{ first: [gpus, api] }]")}
pools:
  gpus: { engine: ${engine}, replicas: 1, queue: { capacity: 20, maxWait: 1s }, price: { perReplicaHour: $3 } }
providers:
  api:
    model: { inputPerMillion: $${(1 + 20 * random()).toFixed(2)}, outputPerMillion: $40 }
    limits: { law: tokenBucket, rpm: 60, retryAfter: true }
    latency: { ttft: { exponential: { mean: 300ms } }, tpot: { exponential: { mean: 10ms } } }`,
    axes: [
      axis("pools.gpus.replicas", range(1, 10)),
      axis("pools.gpus.queue.maxWait", ["0.5", "1", "3"]),
      axis("traffic.chat.client.retry.attempts", ["1", "3"]),
    ],
  }),
};

export function problem(seed: number): Problem {
  const names = Object.keys(kinds);
  const kind = names[seed % names.length];
  return { kind, ...kinds[kind](numbers(seed)) };
}

/** Its plans, whose numbers are written into the scenario without decoding it again. */
export function candidatesOf({ text, axes }: Problem): { candidates: Candidates; decode: Decode } {
  const base = planOf(text).decoded;
  const wholes = new Map(
    axes.flatMap(({ path, values }) =>
      values.map((value) => [`${path}=${value}`, value.startsWith("{") ? wholeAt(text, path, value) : undefined]),
    ),
  );
  const decode: Decode = (values) => {
    let scenario: unknown = base.scenario;
    axes.forEach(({ path }, i) => {
      const value =
        wholes.get(`${path}=${values[i]}`) ??
        (path.endsWith("gpus.replicas") ? { min: Number(values[i]), max: Number(values[i]) } : Number(values[i]));
      scenario = written(scenario, path.split("."), value);
    });
    const decoded = scenario as DecodedScenario["scenario"];
    const wrong = Object.values(decoded.pools).some(({ replicas }) => replicas.min > replicas.max);
    if (wrong) planOf(text, Object.fromEntries(axes.map(({ path }, i) => [path, values[i]])));
    return { ...base, scenario: decoded };
  };
  return { candidates: new Candidates(distinct(axes), decode, probe(axes, decode)), decode };
}

function wholeAt(text: string, path: string, value: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], planOf(text, { [path]: value }).decoded.scenario);
}

function written(node: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  const record = node as Record<string, unknown>;
  return { ...record, [key]: rest.length === 0 ? value : written(record[key], rest, value) };
}
