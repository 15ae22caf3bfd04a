import { Client } from "../../src/client/client.ts";
import { clientSettings } from "../../src/client/client-settings.ts";
import type { RequestEnd } from "../../src/client/client-setup.ts";
import { codes } from "../../src/client/codes.ts";
import { dispatchFromGate } from "../../src/client/dispatch.ts";
import { Gate } from "../../src/client/gate/gate.ts";
import type { Lookup } from "../../src/client/path.ts";
import { StageTasks } from "../../src/client/pipeline/stage-tasks.ts";
import { failures } from "../../src/client/retry/retry-settings.ts";
import { Streams } from "../../src/kernel/random.ts";
import type { Simulation } from "../../src/kernel/simulation.ts";
import type { Attempts } from "../../src/traffic/attempts.ts";
import { none, type Requests } from "../../src/traffic/requests.ts";
import type { Target } from "../../src/traffic/target.ts";

interface Parts {
  readonly simulation: Simulation;
  readonly requests: Requests;
  readonly attempts: Attempts;
  /** Filled with the client, for those that tell their news to the list. */
  readonly clients?: Client[];
  readonly caches?: readonly Lookup[];
  readonly targets: readonly Target[];
  /** Positions of the targets that rungs ask, of those that have targets of their own. */
  readonly chainsOfRungs?: readonly (readonly number[])[];
  /** As a scenario writes them. */
  readonly settings?: unknown;
  readonly streams?: Streams;
  readonly salt?: number;
  readonly end: RequestEnd;
}

/** A client without a scenario around it; caches have the numbers from 0 on, targets those after them, and canned answers the last. */
export function clientOf(parts: Parts): Client {
  const { simulation, requests, attempts, clients = [], caches = [], targets, chainsOfRungs = [], streams = new Streams(1, 0) } = parts;
  const settings = clientSettings.parse(parts.settings ?? {});
  const chainOf = (positions: readonly number[]) => ({
    steps: positions.map((target) => ({ targets: [target], upTo: [1], mostOutstanding: Infinity, longestPrompt: Infinity })),
    goesOn: codes(failures),
  });
  const servers = caches.length + targets.length;
  const gated = (settings.limiter ?? settings.concurrency) !== undefined;
  const client = new Client({
    simulation,
    requests,
    attempts,
    tasks: new StageTasks(requests),
    streams,
    measurement: { warmup: 0, horizon: 1e6, window: 1e4 },
    name: "chat",
    salt: parts.salt ?? 0,
    path: {
      stages: caches.map((lookup, i) => ({ name: `cache${i}`, cache: { lookup, number: i, slot: i }, work: none, gives: 0 })),
      nodes: [],
      targets,
      targetNumbers: targets.map((_, i) => caches.length + i),
      cannedNumber: servers,
      chains: [targets.map((_, i) => i), ...chainsOfRungs].map(chainOf),
      outstanding: new Int32Array(servers),
    },
    settings,
    agent: undefined,
    priority: 1,
    maxOutput: Infinity,
    gate: gated ? new Gate(simulation, requests, settings, dispatchFromGate(requests, clients)) : undefined,
    expectedOutput: settings.limiter?.expectedOutput ?? 0,
    end: parts.end,
  });
  clients.push(client);
  return client;
}
