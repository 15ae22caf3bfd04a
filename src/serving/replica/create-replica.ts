import type { KeyedRandom } from "../../kernel/random.ts";
import { ContinuousBatch } from "./continuous-batch.ts";
import type { EngineSettings } from "./engine-settings.ts";
import type { Replica, ReplicaContext } from "./replica.ts";
import { StaticBatch } from "./static-batch.ts";
import { Station } from "./station.ts";

/** A replica of the kind that the engine's settings choose. @param random of service times, where they are drawn */
export function createReplica(engine: EngineSettings, context: ReplicaContext, random: KeyedRandom): Replica {
  if (engine.station !== undefined) return new Station(context, engine.station, random);
  if (engine.staticBatch !== undefined) return new StaticBatch(context, engine.staticBatch, random);
  return new ContinuousBatch(context, { ...engine, stepTime: engine.stepTime!, kvBlocks: engine.kvBlocks! });
}
