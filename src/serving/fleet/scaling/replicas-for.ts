/**
 * Replicas that a load takes when each bears `target` of it, rounded up. An excess of 1e-12 of the load is the rounding of sums
 * and quotients (three replicas at 0.7 are 2.1000000000000001) and does not start another.
 */
export function replicasFor(load: number, target: number): number {
  return Math.ceil((load / target) * (1 - 1e-12));
}
