import type { Simulation } from "../../kernel/simulation.ts";
import type { Fleet } from "./fleet.ts";
import type { PoolView, Scaler } from "./scaling/scaler.ts";

interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** A wanted number of replicas, rounded up, as the pool allows it. */
export function withinBounds(wanted: number, { min, max }: Bounds): number {
  return Math.min(max, Math.max(min, Math.ceil(wanted)));
}

/**
 * Lets a scaler decide on a fleet, once every period, and keeps that within the pool's bounds. Decisions fall on multiples of the period, from
 * the first on for which something can have been observed.
 */
export function scaleBy(scaler: Scaler, fleet: Fleet, view: PoolView, bounds: Bounds, simulation: Simulation): void {
  const { every, lag } = scaler;
  const observe = simulation.handler(() => {
    scaler.observe(view, simulation.now);
    simulation.after(every, observe);
  });
  const decide = simulation.handler(() => {
    fleet.scaleTo(withinBounds(scaler.desired(view, simulation.now), bounds));
    simulation.after(every, decide);
  });
  const firstDecision = every * Math.max(1, Math.ceil(lag / every));
  simulation.after(Math.max(0, firstDecision - lag), observe);
  simulation.after(firstDecision, decide);
}
