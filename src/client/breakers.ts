import type { Simulation } from "../kernel/simulation.ts";
import { outcomeCode } from "../traffic/outcome.ts";
import { Breaker, type BreakerSettings } from "./breaker.ts";
import type { ClientMeter } from "./client-meter.ts";
import { codes } from "./codes.ts";

/** The circuit breakers of a class, one before each of its targets; without settings everything passes. */
export class Breakers {
  private readonly simulation: Simulation;
  private readonly meter: ClientMeter;
  private readonly breakers: readonly Breaker[];
  /** By code of `outcomes`. */
  private readonly fails: readonly boolean[];

  constructor(simulation: Simulation, settings: BreakerSettings | undefined, targets: number, meter: ClientMeter) {
    this.simulation = simulation;
    this.meter = meter;
    this.breakers = settings === undefined ? [] : Array.from({ length: targets }, () => new Breaker(settings));
    this.fails = codes(settings?.on ?? []);
  }

  /** Whether some breaker lets nothing through. */
  get open(): boolean {
    for (const breaker of this.breakers) if (breaker.isOpen(this.simulation.now)) return true;
    return false;
  }

  /** Permission to send to a target: the epoch to hand back with the ending; `refused` without permission. */
  admit(target: number): number {
    if (this.breakers.length === 0) return 0;
    const epoch = this.breakers[target].admit(this.simulation.now);
    return epoch === 0 ? refused : epoch;
  }

  /** @param verdict a code of `outcomes`, or `uncounted` */
  ended(target: number, epoch: number, verdict: number): void {
    if (this.breakers.length === 0) return;
    const breaker = this.breakers[target];
    const opened = breaker.opened;
    const ending = verdict === outcomeCode.served ? "answered" : this.fails[verdict] ? "failed" : "neither";
    breaker.ended(this.simulation.now, epoch, ending);
    this.meter.breakerOpened += breaker.opened - opened;
  }
}

export const refused = -1;

/** In the place of an ending of an attempt that was not sent, or was given up for another's sake. */
export const uncounted = -1;
