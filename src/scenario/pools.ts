import { mapValues } from "../base/records.ts";
import type { Measurement } from "../kernel/level.ts";
import type { Streams } from "../kernel/random.ts";
import type { Simulation } from "../kernel/simulation.ts";
import type { ScalingContext } from "../serving/fleet/scaling/scaler.ts";
import { Pool } from "../serving/pool.ts";
import type { PoolSettings } from "../serving/pool-settings.ts";
import { PrefilledPool } from "../serving/prefill/prefilled-pool.ts";
import { PromptReaders } from "../serving/prefill/prompt-readers.ts";
import type { Sequences } from "../serving/replica/sequences.ts";
import type { AttemptListener, Target } from "../traffic/target.ts";

/** Pools by name, and what an attempt for each of them is sent to: the pool itself, unless another reads its prompts. */
export interface WiredPools {
  readonly pools: Readonly<Record<string, Pool>>;
  readonly targets: Readonly<Record<string, Target>>;
}

/** @param futureOf the requests to come that a pool will have to serve */
export function wirePools(
  settings: Readonly<Record<string, PoolSettings>>,
  simulation: Simulation,
  sequences: Sequences,
  streams: Streams,
  measurement: Measurement,
  listener: AttemptListener,
  futureOf: (pool: string) => ScalingContext["future"],
): WiredPools {
  const creator = (name: string) => (told: AttemptListener) =>
    new Pool(name, simulation, sequences, settings[name], streams, measurement, told, futureOf(name));
  const readers = new Map<string, PromptReaders>();
  for (const { prefill } of Object.values(settings)) {
    if (prefill === undefined || readers.has(prefill.pool)) continue;
    readers.set(prefill.pool, new PromptReaders(sequences, creator(prefill.pool), listener));
  }
  const targets = mapValues(settings, ({ prefill, engine, onCancel }, name) => {
    if (prefill === undefined) return readers.get(name)?.pool ?? creator(name)(listener);
    const transfer = { ...prefill.transfer, bytesPerToken: engine.kvBytesPerToken!, onCancel };
    return new PrefilledPool(simulation, sequences, transfer, readers.get(prefill.pool)!, creator(name), listener);
  });
  return { pools: mapValues(targets, (target) => (target instanceof PrefilledPool ? target.writers : target)), targets };
}
