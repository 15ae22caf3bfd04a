import type { PoolView } from "./fleet/scaling/scaler.ts";
import type { Pool } from "./pool.ts";

/** A pool as its scaling policy sees it, at the moment at which it looks. */
export function poolView(pool: Pool): PoolView {
  const { fleet, stays } = pool;
  return {
    get outstanding() {
      return stays.outstanding.value;
    },
    get waiting() {
      return pool.waiting;
    },
    get ready() {
      return fleet.ready.length;
    },
    get starting() {
      return fleet.roster.starting.length;
    },
    get arrived() {
      return stays.arrived;
    },
    get busySeconds() {
      const { now } = fleet.simulation;
      return fleet.replicas.reduce((sum, replica) => sum + replica.busySeconds(now), 0);
    },
    get kvUse() {
      return fleet.ready.reduce((sum, { replica }) => sum + replica.kvUse, 0);
    },
  };
}
