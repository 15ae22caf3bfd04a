import { mapValues } from "../../base/records.ts";
import type { Scenario } from "../../scenario/schema.ts";
import type { PoolSettings } from "../../serving/pool-settings.ts";
import { changed } from "./chosen.ts";
import { movedCount } from "./counts.ts";

const mostReplicas = 10_000;

/** So many times the replicas of the pools, bounds and timetables alike, by one at least; in all unless named. @param factor above 0 */
export function scaledReplicas(scenario: Scenario, factor: number, pools?: readonly string[]): Scenario {
  return { ...scenario, pools: changed(scenario.pools, pools, (pool) => withReplicas(pool, (count) => movedCount(count, factor))) };
}

/** The pool with each number of replicas that it names changed alike; none stays none. */
export function withReplicas(pool: PoolSettings, change: (count: number) => number): PoolSettings {
  const moved = (count: number): number => (count === 0 ? 0 : Math.min(mostReplicas, change(count)));
  const { replicas, scaling } = pool;
  return { ...pool, replicas: mapValues(replicas, moved) as PoolSettings["replicas"], scaling: scaling && withCounts(scaling, moved) };
}

type Scaling = NonNullable<PoolSettings["scaling"]>;

function withCounts(scaling: Scaling, moved: (count: number) => number): Scaling {
  const fixed = scaling.fixed as { readonly replicas: number } | undefined;
  const scheduled = scaling.scheduled as { readonly table: readonly [number, number][] } | undefined;
  const counts = {
    ...(fixed === undefined ? {} : { fixed: { ...fixed, replicas: moved(fixed.replicas) } }),
    ...(scheduled === undefined
      ? {}
      : { scheduled: { ...scheduled, table: scheduled.table.map(([time, count]) => [time, moved(count)]) } }),
  };
  return { ...scaling, ...(counts as object) };
}
