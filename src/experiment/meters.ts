import { mapValues } from "../base/records.ts";
import type { System } from "../scenario/build.ts";

/** What has been used up to one moment, by pool, provider and cache; differences of two readings tell what was used between them. */
export interface Meters {
  readonly pools: Readonly<Record<string, PoolMeter>>;
  readonly providers: Readonly<Record<string, ProviderMeter>>;
  readonly caches: Readonly<Record<string, CacheMeter>>;
}

/** Seconds are replica-seconds. */
interface PoolMeter {
  readonly readySeconds: number;
  readonly drainingSeconds: number;
  readonly startingSeconds: number;
  readonly warmSeconds: number;
  readonly onDemandSeconds: number;
  readonly busySeconds: number;
  readonly wastedSeconds: number;
  readonly preemptions: number;
  /** Tokens of prompts that a prefix cache was asked for, and those it held. */
  readonly prefixTokens: number;
  readonly prefixHits: number;
  readonly scaleUps: number;
  readonly coldWaits: number;
  readonly oversized: number;
}

interface ProviderMeter {
  readonly calls: number;
  readonly throttled: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

interface CacheMeter {
  readonly lookups: number;
  readonly hits: number;
}

export function readMeters({ pools, providers, caches }: System, now: number): Meters {
  return {
    pools: mapValues(pools, ({ fleet, coldWaits, oversized, wastedAfterwards }) => {
      const { ready, draining, starting, refilling, warm, onDemand } = fleet.levels;
      const replicas = fleet.members.map((member) => member.replica);
      return {
        readySeconds: ready.area(now),
        drainingSeconds: draining.area(now),
        startingSeconds: starting.area(now) + refilling.area(now),
        warmSeconds: warm.area(now),
        onDemandSeconds: onDemand.area(now),
        busySeconds: total(replicas, (replica) => replica.busySeconds(now)),
        wastedSeconds: total(replicas, (replica) => replica.wastedSeconds) + wastedAfterwards,
        preemptions: total(replicas, (replica) => replica.preemptions),
        prefixTokens: total(replicas, (replica) => replica.prefixCache?.promptTokenCount ?? 0),
        prefixHits: total(replicas, (replica) => replica.prefixCache?.hitTokenCount ?? 0),
        scaleUps: fleet.scaleUps,
        coldWaits,
        oversized,
      };
    }),
    providers: mapValues(providers, ({ calls, throttled, inputTokens, outputTokens }) => ({ calls, throttled, inputTokens, outputTokens })),
    caches: mapValues(caches, ({ lookups, hits }) => ({ lookups, hits })),
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

/** The difference of two structures of equal shape, number by number. */
function subtract<T>(later: T, earlier: T): T {
  if (typeof later === "number") return (later - (earlier as number)) as T;
  return mapValues(later as Record<string, unknown>, (value, key) => subtract(value, (earlier as Record<string, unknown>)[key])) as T;
}

function total<T>(items: readonly T[], amount: (item: T) => number): number {
  return items.reduce((sum, item) => sum + amount(item), 0);
}
