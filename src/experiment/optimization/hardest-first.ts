import { meanOf } from "./rivalry.ts";
import type { Sample } from "./trials.ts";

/** A plan that is over a budget by all of it is hopeless; by how much more says nothing of the replication. */
const hopeless = -1;

/**
 * Replications from the hardest to the easiest, by how far plans fall below their own mean in them; the first come first where
 * nothing is known of it.
 * @param plans the samples of each plan that was tried
 */
export function hardestFirst(plans: readonly (readonly Sample[])[], replications: number): number[] {
  const deviations: number[][] = Array.from({ length: replications }, () => []);
  for (const samples of plans) {
    const least = new Map<number, number>();
    for (const { unit, budgets } of samples) {
      const known = least.get(unit.replication) ?? Infinity;
      least.set(unit.replication, Math.max(hopeless, Math.min(known, ...budgets)));
    }
    const mean = meanOf([...least.values()]);
    for (const [replication, budget] of least) deviations[replication].push(budget - mean);
  }
  const hardness = deviations.map((known) => (known.length === 0 ? 0 : meanOf(known)));
  return deviations.map((_, replication) => replication).toSorted((a, b) => hardness[a] - hardness[b]);
}
