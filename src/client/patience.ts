import type { Simulation } from "../kernel/simulation.ts";
import { Timeouts } from "../kernel/timeouts.ts";
import type { ClientSettings } from "./client-settings.ts";

type Struck = (request: number) => void;

/**
 * The time-outs of requests as wholes, each to be started at a request's arrival.
 * @param open whether a request is still the one with this ordinal
 * @param late called when the time for a first token is over: an attempt that is given up takes its first token with it, so whether there
 * is one is asked then
 */
export function patienceOf(
  { ttft, total }: ClientSettings["timeout"],
  simulation: Simulation,
  open: (request: number, ordinal: number) => boolean,
  late: Struck,
  over: Struck,
): Timeouts[] {
  const timeouts: Timeouts[] = [];
  if (ttft !== undefined) timeouts.push(new Timeouts(simulation, ttft, open, late));
  if (total !== undefined) timeouts.push(new Timeouts(simulation, total, open, over));
  return timeouts;
}
