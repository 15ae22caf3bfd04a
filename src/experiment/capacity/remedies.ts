import type { GateSettings } from "../../client/gate/gate-settings.ts";
import { mapValues } from "../../base/records.ts";
import type { Scenario } from "../../scenario/schema.ts";
import { changed } from "../inputs/chosen.ts";
import { scaledLimiters, scaledLimits } from "../inputs/limits.ts";
import { scaledReplicas } from "../inputs/replicas.ts";
import { scaledStoreReplicas, scaledWarm } from "../inputs/spares.ts";

/** A system with twice as much of one resource. */
export interface Remedy {
  /** "replicas in gpus". */
  readonly resource: string;
  /** The pool whose replicas they are. */
  readonly pool?: string;
  readonly scenario: Scenario;
}

/** Of pools, providers, quotas, vector stores, gateways and clients whatever bounds how much they take at a time. */
export function remediesFor(scenario: Scenario): Remedy[] {
  return [
    ...Object.keys(scenario.pools).map((pool) => ({ resource: `replicas in ${pool}`, pool, scenario: withReplicas(scenario, pool) })),
    ...each(scenario.pools, (name) => ({ resource: `concurrency of ${name}`, scenario: withCap(scenario, name) })),
    ...each({ ...scenario.providers, ...scenario.quotas }, (name) => ({
      resource: `limits of ${name}`,
      scenario: scaledLimits(scenario, 2, [name]),
    })),
    ...each(scenario.vectorStores, (name) => ({ resource: `replicas of ${name}`, scenario: scaledStoreReplicas(scenario, 2, [name]) })),
    ...each(scenario.gateways, (name) => ({ resource: `room in the gateway ${name}`, scenario: withGateway(scenario, name) })),
    ...each(scenario.traffic, (name) => ({ resource: `room in the clients of ${name}`, scenario: withClient(scenario, name) })),
  ].filter((remedy) => JSON.stringify(remedy.scenario) !== JSON.stringify(scenario));
}

function each(record: object, remedy: (name: string) => Remedy): Remedy[] {
  return Object.keys(record).map(remedy);
}

/** What replicas of a pool may be short of, each in twice the amount; nothing for engines that have neither. */
export function remediesWithin(scenario: Scenario, pool: string): Remedy[] {
  const { engine } = scenario.pools[pool];
  if (engine.stepTime === undefined) return [];
  const within = (part: Partial<typeof engine>): Scenario => ({
    ...scenario,
    pools: changed(scenario.pools, [pool], (one) => ({ ...one, engine: { ...engine, ...part } })),
  });
  const slots = { resource: `batch slots in ${pool}`, scenario: within({ maxSequences: 2 * engine.maxSequences }) };
  if (engine.kvBlocks === undefined) return [slots];
  return [{ resource: `KV blocks in ${pool}`, scenario: within({ kvBlocks: 2 * engine.kvBlocks }) }, slots];
}

function withReplicas(scenario: Scenario, pool: string): Scenario {
  return scaledWarm(scaledReplicas(scenario, 2, [pool]), 2, [pool]);
}

function withCap(scenario: Scenario, name: string): Scenario {
  const pools = changed(scenario.pools, [name], (pool) => {
    const { perReplica, total } = pool.concurrency;
    return { ...pool, concurrency: { ...pool.concurrency, perReplica: twice(perReplica), total: twice(total) } };
  });
  return { ...scenario, pools };
}

function withGateway(scenario: Scenario, name: string): Scenario {
  const gateways = changed(scenario.gateways, [name], (gateway) => ({ ...gateway, concurrency: doubled(gateway.concurrency) }));
  return scaledLimiters({ ...scenario, gateways }, 2, [name]);
}

function withClient(scenario: Scenario, name: string): Scenario {
  const traffic = changed(scenario.traffic, [name], (one) => {
    return { ...one, client: { ...one.client, concurrency: doubled(one.client.concurrency) } };
  });
  return scaledLimiters({ ...scenario, traffic }, 2, [name]);
}

type Concurrency = GateSettings["concurrency"];

const bounds = new Set(["limit", "initial", "min", "max"]);

/** A cap on concurrency with twice its bounds, whatever its policy. */
function doubled(concurrency: Concurrency): Concurrency {
  if (concurrency === undefined) return undefined;
  return mapValues(concurrency as Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>, (policy) => {
    return policy && mapValues(policy, (value, key) => (bounds.has(key) && typeof value === "number" ? 2 * value : value));
  });
}

function twice(amount: number | undefined): number | undefined {
  return amount === undefined ? undefined : 2 * amount;
}
