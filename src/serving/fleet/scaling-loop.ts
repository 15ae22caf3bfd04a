import type { Simulation } from "../../kernel/simulation.ts";
import type { Fleet } from "./fleet.ts";
import type { PoolView, Scaler } from "./scaling/scaler.ts";

/**
 * Lets a scaler decide on a fleet, once every period, and keeps that within the pool's bounds. Decisions fall on multiples of the period, from
 * the first on for which something can have been observed.
 */
export function scaleBy(
  scaler: Scaler,
  fleet: Fleet,
  view: PoolView,
  { min, max }: { readonly min: number; readonly max: number },
  simulation: Simulation,
): void {
  const { every, lag } = scaler;
  const observe = simulation.handler(() => {
    scaler.observe(view, simulation.now);
    simulation.after(every, observe);
  });
  const decide = simulation.handler(() => {
    const desired = Math.ceil(scaler.desired(view, simulation.now));
    fleet.scaleTo(Math.min(max, Math.max(min, desired)));
    simulation.after(every, decide);
  });
  const firstDecision = every * Math.max(1, Math.ceil(lag / every));
  simulation.after(Math.max(0, firstDecision - lag), observe);
  simulation.after(firstDecision, decide);
}
