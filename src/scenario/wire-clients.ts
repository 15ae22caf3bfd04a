import { mapValues } from "../base/records.ts";
import { Client } from "../client/client.ts";
import type { StageTasks } from "../client/pipeline/stage-tasks.ts";
import type { RequestEnd } from "../client/client-setup.ts";
import { dispatchFromGate } from "../client/dispatch.ts";
import { Gate } from "../client/gate/gate.ts";
import type { GateSettings } from "../client/gate/gate-settings.ts";
import { hash32 } from "../kernel/hash.ts";
import type { Measurement } from "../kernel/level.ts";
import type { Streams } from "../kernel/random.ts";
import type { Simulation } from "../kernel/simulation.ts";
import type { Attempts } from "../traffic/attempts.ts";
import { priorities } from "../traffic/priority.ts";
import type { Requests } from "../traffic/requests.ts";
import { withScaledLengths } from "./class-lengths.ts";
import { chainOf } from "./path/chain.ts";
import type { Scenario } from "./schema.ts";
import { type Servers, wirePath } from "./wire-path.ts";

/** What the clients of all classes have in common. */
export interface CommonGround {
  readonly simulation: Simulation;
  readonly requests: Requests;
  readonly attempts: Attempts;
  readonly tasks: StageTasks;
  readonly streams: Streams;
  readonly measurement: Measurement;
  readonly end: RequestEnd;
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
        path: wirePath(traffic, scenario, servers, outstanding),
        settings: client,
        agent: withScaledLengths(traffic).agent,
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
