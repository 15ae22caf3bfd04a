import type { ClientSettings } from "../../client/client-settings.ts";
import type { GateSettings } from "../../client/gate/gate-settings.ts";
import { mapValues } from "../../base/records.ts";
import { namedLimits } from "../../provider/limits/limits-settings.ts";
import type { Scenario } from "../../scenario/schema.ts";

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
  const { pools, providers, quotas, vectorStores, gateways, traffic } = scenario;
  const ofPools = Object.entries(pools).flatMap(([name, pool]): Remedy[] => {
    const { replicas, warm, concurrency } = pool;
    const more = { replicas: { min: 2 * replicas.min, max: 2 * replicas.max }, warm: warm && { ...warm, size: 2 * warm.size } };
    const capped = { ...concurrency, perReplica: twice(concurrency.perReplica), total: twice(concurrency.total) };
    const changed = (one: typeof pool): Scenario => ({ ...scenario, pools: { ...pools, [name]: one } });
    const cap = concurrency.perReplica ?? concurrency.total;
    return [
      { resource: `replicas in ${name}`, pool: name, scenario: changed({ ...pool, ...more }) },
      ...(cap === undefined ? [] : [{ resource: `concurrency of ${name}`, scenario: changed({ ...pool, concurrency: capped }) }]),
    ];
  });
  const ofProviders = Object.entries(providers).flatMap(([name, provider]): Remedy[] => {
    const limits = provider.limits && doubledLimits(provider.limits);
    return limits === undefined
      ? []
      : [{ resource: `limits of ${name}`, scenario: { ...scenario, providers: { ...providers, [name]: { ...provider, limits } } } }];
  });
  const ofQuotas = Object.entries(quotas).flatMap(([name, quota]): Remedy[] => {
    const limits = doubledLimits(quota);
    return limits === undefined
      ? []
      : [{ resource: `limits of the quota ${name}`, scenario: { ...scenario, quotas: { ...quotas, [name]: limits } } }];
  });
  const ofStores = Object.entries(vectorStores).map(([name, store]): Remedy => {
    const more = { ...store, replicas: 2 * store.replicas };
    return { resource: `replicas of ${name}`, scenario: { ...scenario, vectorStores: { ...vectorStores, [name]: more } } };
  });
  const ofGateways = Object.entries(gateways).flatMap(([name, gate]): Remedy[] =>
    isOpen(gate)
      ? []
      : [{ resource: `room in the gateway ${name}`, scenario: { ...scenario, gateways: { ...gateways, [name]: doubledGate(gate) } } }],
  );
  const ofClients = Object.entries(traffic).flatMap(([name, one]): Remedy[] =>
    isOpen(one.client)
      ? []
      : [
          {
            resource: `room in the clients of ${name}`,
            scenario: { ...scenario, traffic: { ...traffic, [name]: { ...one, client: doubledGate(one.client) } } },
          },
        ],
  );
  return [...ofPools, ...ofProviders, ...ofQuotas, ...ofStores, ...ofGateways, ...ofClients];
}

/** What replicas of a pool may be short of, each in twice the amount; nothing for engines that have neither. */
export function remediesWithin(scenario: Scenario, pool: string): Remedy[] {
  const { engine } = scenario.pools[pool];
  if (engine.stepTime === undefined) return [];
  const changed = (part: Partial<typeof engine>): Scenario => ({
    ...scenario,
    pools: { ...scenario.pools, [pool]: { ...scenario.pools[pool], engine: { ...engine, ...part } } },
  });
  const slots = { resource: `batch slots in ${pool}`, scenario: changed({ maxSequences: 2 * engine.maxSequences }) };
  if (engine.kvBlocks === undefined) return [slots];
  return [{ resource: `KV blocks in ${pool}`, scenario: changed({ kvBlocks: 2 * engine.kvBlocks }) }, slots];
}

type Limits = Scenario["quotas"][string];

/** Twice the requests and tokens per minute, and twice the units; undefined where a limit has none of them. */
function doubledLimits(limits: Limits): Limits | undefined {
  const amounts = ["rpm", "tpm", "units"];
  const all = namedLimits(limits);
  if (!all.some(([, limit]) => amounts.some((key) => limit[key] !== undefined))) return undefined;
  const double = (limit: (typeof all)[number][1]): typeof limit => ({
    ...limit,
    ...Object.fromEntries(amounts.flatMap((key) => (typeof limit[key] === "number" ? [[key, 2 * limit[key]]] : []))),
  });
  const [[name, only]] = all;
  if (name === undefined) return double(only);
  return Array.isArray(limits)
    ? all.map(([, limit]) => double(limit))
    : Object.fromEntries(all.map(([key, limit]) => [key!, double(limit)]));
}

type Gate = Pick<ClientSettings, "limiter" | "concurrency"> | GateSettings;

function isOpen({ limiter, concurrency }: Gate): boolean {
  return limiter === undefined && concurrency === undefined;
}

function doubledGate<G extends Gate>(gate: G): G {
  const { limiter, concurrency } = gate;
  const limits = limiter && { ...limiter, rpm: twice(limiter.rpm), tpm: twice(limiter.tpm) };
  return { ...gate, limiter: limits, concurrency: concurrency && mapValues(concurrency, doubledCap) };
}

/** Of a cap on concurrency all bounds. */
function doubledCap(cap: unknown): unknown {
  if (typeof cap !== "object" || cap === null) return cap;
  const bounds = new Set(["limit", "initial", "min", "max"]);
  return mapValues(cap as Record<string, unknown>, (value, key) => (bounds.has(key) && typeof value === "number" ? 2 * value : value));
}

function twice(amount: number | undefined): number | undefined {
  return amount === undefined ? undefined : 2 * amount;
}
