import { mapValues } from "../base/records.ts";
import { Client } from "../client/client.ts";
import type { RequestEnd } from "../client/client-setup.ts";
import { codes } from "../client/codes.ts";
import { dispatchFromGate } from "../client/dispatch.ts";
import { Gate } from "../client/gate/gate.ts";
import type { GateSettings } from "../client/gate/gate-settings.ts";
import type { Chain, Lookup, Path, Step } from "../client/path.ts";
import { failures } from "../client/retry/retry-settings.ts";
import { hash32 } from "../kernel/hash.ts";
import type { Measurement } from "../kernel/level.ts";
import type { Streams } from "../kernel/random.ts";
import type { Simulation } from "../kernel/simulation.ts";
import type { Attempts } from "../traffic/attempts.ts";
import { priorities } from "../traffic/priority.ts";
import { none, type Requests } from "../traffic/requests.ts";
import type { Target } from "../traffic/target.ts";
import { askedTargets } from "./clients.ts";
import { cannedServer, chainOf, targetsOfStep } from "./path.ts";
import type { Scenario, TrafficClass } from "./schema.ts";

/** What the clients of all classes have in common. */
export interface CommonGround {
  readonly simulation: Simulation;
  readonly requests: Requests;
  readonly attempts: Attempts;
  readonly streams: Streams;
  readonly measurement: Measurement;
  readonly end: RequestEnd;
}

/** What can serve a request, by name, and the name's position among all of them. */
export interface Servers {
  readonly caches: Readonly<Record<string, Lookup>>;
  readonly targets: Readonly<Record<string, Target>>;
  readonly names: readonly string[];
}

/**
 * Makes the client of each class, in order, with the gates before them.
 * @param clients is filled, since targets and gates tell their news to those in this list
 * @returns gateways by name, and the gates that classes have for themselves by the class's name
 */
export function wireClients(scenario: Scenario, servers: Servers, ground: CommonGround, clients: Client[]) {
  const { simulation, requests } = ground;
  const listener = dispatchFromGate(requests, clients);
  const gateFor = (settings: GateSettings): Gate => new Gate(simulation, requests, settings, listener);
  const gateways = mapValues(scenario.gateways, gateFor);
  const gates: Record<string, Gate> = {};
  const outstanding = spillsByLoad(scenario) ? new Int32Array(servers.names.length) : undefined;
  for (const [name, traffic] of Object.entries(scenario.traffic)) {
    const { client, maxOutput = Infinity } = traffic;
    const shared = client.gateway === undefined ? undefined : scenario.gateways[client.gateway];
    const settings = shared ?? client;
    const isOwn = shared === undefined && (client.limiter ?? client.concurrency) !== undefined;
    if (isOwn) gates[name] = gateFor(client);
    clients.push(
      new Client({
        ...ground,
        name,
        salt: hash32(name),
        path: pathOf(traffic, servers, outstanding),
        settings: client,
        priority: priorities.indexOf(traffic.priority),
        maxOutput,
        gate: client.gateway === undefined ? gates[name] : gateways[client.gateway],
        expectedOutput: settings.limiter?.tpm === undefined ? 0 : (settings.limiter.expectedOutput ?? maxOutput),
      }),
    );
  }
  return { gateways, gates };
}

/** Whether some step of some class is passed over by how much its target has to do. */
function spillsByLoad({ traffic }: Scenario): boolean {
  const steps = Object.values(traffic).flatMap(({ path }) => chainOf(path).first);
  return steps.some((step) => typeof step !== "string" && "target" in step && step.spillOver.outstanding !== undefined);
}

function pathOf(traffic: TrafficClass, { caches, targets, names }: Servers, outstanding: Int32Array | undefined): Path {
  const stageNames = traffic.path.slice(0, -1) as string[];
  const asked = askedTargets(traffic);
  const numberOf = (name: string): number => names.indexOf(name);
  const ofRungs = Object.values(traffic.client.degrade).flatMap(({ first }) => (first === undefined ? [] : [{ first, on: failures }]));
  return {
    caches: stageNames.map((name) => caches[name]),
    stageNames,
    targets: asked.map((name) => targets[name]),
    cacheNumbers: stageNames.map(numberOf),
    targetNumbers: asked.map(numberOf),
    cannedNumber: names.includes(cannedServer) ? numberOf(cannedServer) : none,
    chains: [chainOf(traffic.path), ...ofRungs].map(({ first, on }): Chain => ({
      steps: first.map((step) => stepOf(step, asked)),
      goesOn: codes(on),
    })),
    outstanding,
  };
}

function stepOf(step: ReturnType<typeof chainOf>["first"][number], asked: readonly string[]): Step {
  const targets = targetsOfStep(step).map((name) => asked.indexOf(name));
  const { outstanding = Infinity, inputTokens = Infinity } = typeof step !== "string" && "target" in step ? step.spillOver : {};
  const shares = typeof step !== "string" && "split" in step ? Object.values(step.split) : [1];
  let sum = 0;
  const upTo = shares.map((share) => (sum += share));
  // What rounding leaves of the last share is its own.
  upTo[upTo.length - 1] = 1;
  return { targets, upTo, mostOutstanding: outstanding, longestPrompt: inputTokens };
}
