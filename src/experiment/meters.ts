import { mapValues } from "../base/records.ts";
import type { ExactCache } from "../cache/exact-cache.ts";
import type { SemanticCache } from "../cache/semantic-cache.ts";
import type { ClientMeter } from "../client/client-meter.ts";
import type { TokensByTier } from "../cost/token-money.ts";
import type { Provider } from "../provider/provider.ts";
import type { System } from "../scenario/build.ts";
import type { LifecycleState } from "../serving/fleet/lifecycle.ts";
import type { VectorStore } from "../retrieval/vector-store.ts";
import type { Pool } from "../serving/pool.ts";

/** What has been used and done up to one moment, by pool, provider, cache, class and shared gateway; differences of two readings tell what was used between them. */
export interface Meters {
  readonly pools: Readonly<Record<string, PoolMeter>>;
  readonly providers: Readonly<Record<string, ProviderMeter>>;
  readonly caches: Readonly<Record<string, CacheMeter>>;
  readonly vectorStores: Readonly<Record<string, VectorStoreMeter>>;
  readonly clients: Readonly<Record<string, ClassMeter>>;
  readonly gateways: Readonly<Record<string, GateMeter>>;
}

/** What the client of a class did; the gate is the class's own, so that a shared one is not counted in each class. */
type ClassMeter = ClientCounts & { readonly gate: GateMeter };

type ClientCounts = { readonly [Key in keyof ClientMeter]: number };

/** Attempts that waited to be let out, the seconds they did, and attempts refused or waiting for too long. */
export interface GateMeter {
  readonly waited: number;
  readonly waitSeconds: number;
  readonly shed: number;
}

/** Seconds are replica-seconds unless they say otherwise. */
interface PoolMeter {
  readonly stateSeconds: Readonly<Record<LifecycleState, number>>;
  /** What was paid for, by purchase type; warm ones only where they have a price of their own. */
  readonly reservedSeconds: number;
  readonly onDemandSeconds: number;
  readonly spotSeconds: number;
  readonly warmSeconds: number;
  readonly busySeconds: number;
  readonly wastedSeconds: number;
  readonly preemptions: number;
  /** Tokens of prompts that a prefix cache was asked for, and those it held. */
  readonly prefixTokens: number;
  readonly prefixHits: number;
  /** Starts into service; starts that found no machine. */
  readonly scaleUps: number;
  readonly stockOuts: number;
  readonly interruptions: number;
  readonly crashes: number;
  readonly losses: number;
  /** Attempts: those that failed with their replica, and those that no replica could hold. */
  readonly lost: number;
  readonly oversized: number;
  /** Attempts taken, those of them that found no room, those whose work has begun, and the attempt-seconds that these had waited. */
  readonly taken: number;
  readonly delayed: number;
  readonly started: number;
  readonly waitSeconds: number;
  readonly coldWaits: number;
  readonly coldWaitSeconds: number;
  readonly coldWaitsOver: number;
}

/** Calls, and tokens that were billed; of these those in vain, and prompts billed again. */
interface ProviderMeter {
  readonly calls: number;
  readonly throttled: number;
  readonly oversized: number;
  readonly failed: number;
  readonly billed: TokensByTier;
  readonly wasted: TokensByTier;
  readonly repeated: TokensByTier;
}

interface CacheMeter {
  readonly lookups: number;
  readonly hits: number;
  /** Of these, those with a wrong answer, and those that waited for an answer on its way. */
  readonly wrong: number;
  readonly coalesced: number;
  /** What it held, and what went for want of room and for its age; 0 where the hit rate is given. */
  readonly entrySeconds: number;
  readonly evictions: number;
  readonly expired: number;
  /** Tokens of questions embedded somewhere that is never short of capacity. */
  readonly embeddedTokens: number;
}

/** Reads and how they ended, those included whose callers left; seconds of those answered, from asking on; slot-seconds held; rebuilds, and what was written anew. */
interface VectorStoreMeter {
  readonly reads: number;
  readonly found: number;
  readonly incomplete: number;
  readonly failed: number;
  readonly shed: number;
  readonly left: number;
  readonly readSeconds: number;
  readonly slotSeconds: number;
  readonly refusedWrites: number;
  readonly rebuilds: number;
  readonly rebuildSeconds: number;
  readonly backfilled: number;
}

export function readMeters(system: System, now: number): Meters {
  const { pools, providers, caches, embeddings, vectorStores, clients, gateways, gates } = system;
  return {
    pools: mapValues(pools, (pool) => poolMeter(pool, now)),
    providers: mapValues(providers, providerMeter),
    caches: mapValues(caches, (cache, name) => ({ ...cacheMeter(cache, now), embeddedTokens: embeddings[name].tokens })),
    vectorStores: mapValues(vectorStores, (store) => vectorStoreMeter(store, now)),
    clients: mapValues(clients, ({ meter }, name) => ({ ...clientMeter(meter), gate: gateMeter(gates[name]) })),
    gateways: mapValues(gateways, gateMeter),
  };
}

function cacheMeter(cache: ExactCache | SemanticCache, now: number): Omit<CacheMeter, "embeddedTokens"> {
  const { lookups, hits, entries } = cache;
  const coalesced = "coalesced" in cache ? cache.coalesced : 0;
  const counts = { lookups, hits, wrong: "wrong" in cache ? cache.wrong : 0, coalesced };
  if (entries === undefined) return { ...counts, entrySeconds: 0, evictions: 0, expired: 0 };
  entries.expire(now);
  return { ...counts, entrySeconds: entries.level.area(now), evictions: entries.evictions, expired: entries.expired };
}

function vectorStoreMeter(store: VectorStore, now: number): VectorStoreMeter {
  const { reads, found, incomplete, failed, shed, left, readSeconds, refusedWrites, rebuilds, backfilled } = store;
  const [slotSeconds, rebuildSeconds] = [store.slots.area(now), store.rebuildSeconds(now)];
  return { reads, found, incomplete, failed, shed, left, readSeconds, slotSeconds, refusedWrites, rebuilds, rebuildSeconds, backfilled };
}

function providerMeter({ calls, throttled, oversized, failed, bill }: Provider): ProviderMeter {
  const { billed, wasted, repeated } = bill;
  return { calls, throttled, oversized, failed, billed: copied(billed), wasted: copied(wasted), repeated: copied(repeated) };
}

function copied({ base, above }: TokensByTier): TokensByTier {
  return { base: { ...base }, above: { ...above } };
}

function clientMeter(meter: ClientMeter): ClientCounts {
  const { sent, hedges, hedgesWon, retries, retriesForbidden, backoffSeconds } = meter;
  const { brokenOff, spilledOver, breakerOpened, attemptsTimedOut } = meter;
  return { sent, hedges, hedgesWon, retries, retriesForbidden, backoffSeconds, brokenOff, spilledOver, breakerOpened, attemptsTimedOut };
}

function gateMeter(gate: GateMeter | undefined): GateMeter {
  if (gate === undefined) return { waited: 0, waitSeconds: 0, shed: 0 };
  const { waited, waitSeconds, shed } = gate;
  return { waited, waitSeconds, shed };
}

function poolMeter({ fleet, stays, oversized, lost, wastedAfterwards }: Pool, now: number): PoolMeter {
  const { replicas, accounts } = fleet;
  const { reserved, onDemand, spot, warm } = accounts.billing.levels;
  const { scaleUps, stockOuts, interruptions, crashes, losses } = accounts;
  const { taken, delayed, started, waitSeconds, coldWaits, coldWaitSeconds, coldWaitsOver } = stays;
  return {
    stateSeconds: mapValues(accounts.levels, (level) => level.area(now)) as Record<LifecycleState, number>,
    reservedSeconds: reserved.area(now),
    onDemandSeconds: onDemand.area(now),
    spotSeconds: spot.area(now),
    warmSeconds: warm.area(now),
    busySeconds: total(replicas, (replica) => replica.busySeconds(now)),
    wastedSeconds: total(replicas, (replica) => replica.wastedSeconds) + wastedAfterwards,
    preemptions: total(replicas, (replica) => replica.preemptions),
    prefixTokens: total(replicas, (replica) => replica.prefixCache?.promptTokenCount ?? 0),
    prefixHits: total(replicas, (replica) => replica.prefixCache?.hitTokenCount ?? 0),
    scaleUps,
    stockOuts,
    interruptions,
    crashes,
    losses,
    lost,
    oversized,
    taken,
    delayed,
    started,
    waitSeconds,
    coldWaits,
    coldWaitSeconds,
    coldWaitsOver,
  };
}

export function metersSince(later: Meters, earlier: Meters): Meters {
  return subtract(later, earlier);
}

/** Share of the busy replica time, over all pools, that went to requests whose client had left; 0 when nothing was busy. */
export function wastedShare({ pools }: Meters): number {
  const busy = total(Object.values(pools), (pool) => pool.busySeconds);
  return busy === 0 ? 0 : total(Object.values(pools), (pool) => pool.wastedSeconds) / busy;
}

/** Share of the calls, over all providers, that were refused with 429; null when there was no call. */
export function throttledShare({ providers }: Meters): number | null {
  const calls = total(Object.values(providers), (provider) => provider.calls);
  return calls === 0 ? null : total(Object.values(providers), (provider) => provider.throttled) / calls;
}

/** The difference of two structures of equal shape, number by number. */
function subtract<T>(later: T, earlier: T): T {
  if (typeof later === "number") return (later - (earlier as number)) as T;
  return mapValues(later as Record<string, unknown>, (value, key) => subtract(value, (earlier as Record<string, unknown>)[key])) as T;
}

function total<T>(items: readonly T[], amount: (item: T) => number): number {
  return items.reduce((sum, item) => sum + amount(item), 0);
}
