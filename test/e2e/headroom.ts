import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command line as a user would, from the project's folder. */
export function headroom(...words: readonly string[]): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["dist/cli/main.js", ...words], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
    env: { ...process.env, NO_COLOR: "1" },
  });
  return { status, stdout, stderr };
}

/** A folder of its own for files, removed by `clear`. */
export function scratch(): { readonly folder: string; write(name: string, text: string): string; clear(): void } {
  const folder = mkdtempSync(join(tmpdir(), "headroom-"));
  return {
    folder,
    write(name, text) {
      const file = join(folder, name);
      writeFileSync(file, text);
      return file;
    },
    clear: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A small system with everything in it: cache, pool with warm replicas, provider as fallback, time-outs and retries. Simulated in a moment. */
export const smallScenario = `
name: Small
seed: 3
horizon: 20m
warmup: 2m
replications: 3
traffic:
  chat:
    arrivals: { trace: day.csv }
    slo: ["ttft p90 < 2s", "success >= 90%", "cost < $90k/month"]
    client:
      timeout: { ttft: 5s, total: 30s }
      retry: { attempts: 2, backoff: { base: 500ms } }
    path: [answers, { first: [gpus, api] }]
  digests:
    arrivals: { rate: 0.5/s, cv: 2 }
    inputTokens: { lognormal: { mean: 2000, cv: 1 }, max: 8000 }
    outputTokens: { lognormal: { p50: 100, p99: 900 } }
    slo: ["total p95 < 2m"]
    path: [gpus]
caches:
  answers: { kind: exact, hitRate: 20% }
pools:
  gpus:
    engine:
      stepTime: { overhead: 2ms, denseFloor: 15ms, denseBase: 5ms, densePerToken: 90us, perKvToken: 0.1us }
      maxSequences: 32
      kvBlocks: 3000
    replicas: { min: 1, max: 3 }
    warm: { size: 1, state: paused, perReplicaHour: $1 }
    coldStart: { phases: { provisioning: { constant: 60s }, loading: { exponential: { mean: 30s } } }, resume: { paused: { constant: 10s } } }
    scaling: { targetTracking: { metric: concurrency, target: 16, every: 15s } }
    queue: { capacity: 60, maxWait: 4s }
    price: { perReplicaHour: $4 }
providers:
  api:
    model: { inputPerMillion: $1, outputPerMillion: $4 }
    limits: { law: tokenBucket, rpm: 60, tpm: 100k, retryAfter: true }
    latency: { ttft: { constant: 500ms }, tpot: { constant: 10ms } }
    faults: { errorRate: 1% }
`;

/** Requests at a rate that rises and falls, enough to make the small scenario scale, throttle and time out. */
export function smallTrace(): string {
  const rows = ["TIMESTAMP,ContextTokens,GeneratedTokens"];
  let at = 0;
  for (let i = 0; at < 1200; i++) {
    const rush = at > 400 && at < 600 ? 16 : 1;
    at += (0.6 + 0.4 * Math.sin(i)) / rush;
    const [minutes, seconds] = [Math.floor(at / 60), at % 60];
    rows.push(
      `2026-03-03 09:${String(minutes).padStart(2, "0")}:${seconds.toFixed(7).padStart(10, "0")},${300 + ((i * 37) % 900)},${20 + ((i * 53) % 300)}`,
    );
  }
  return rows.join("\n");
}
