import type { Simulation } from "../../kernel/simulation.ts";
import { Timeouts } from "../../kernel/timeouts.ts";
import { type Priority, priorities } from "../../traffic/priority.ts";
import type { QueueSettings } from "./queue-settings.ts";

/**
 * Which attempts may wait in a pool, and how long. With `sojourn` the bound on the wait follows the queue, as in the controlled delay of
 * Maurer, Fail at Scale (ACM Queue 13, 8, 2015): once nobody has begun within `target` for a whole `interval`, the queue is standing, and who
 * comes waits `target` at most; otherwise bursts are given `interval`.
 */
export class Admission {
  /** Attempts that may wait before one of this priority is refused. */
  private readonly capacity: readonly number[];
  private readonly simulation: Simulation;
  private readonly target: number;
  private readonly interval: number;
  private readonly waits: Timeouts | undefined;
  private readonly shortWaits: Timeouts | undefined;
  /** When somebody last began within the target, or found nobody waiting. */
  private promptAt = 0;

  /**
   * @param stillWaits whether the attempt is the one with that serial, and waits
   * @param shed called when an attempt has waited as long as it may
   */
  constructor(
    simulation: Simulation,
    { capacity = Infinity, maxWait, sojourn, shedAbove }: QueueSettings,
    stillWaits: (attempt: number, serial: number) => boolean,
    shed: (attempt: number) => void,
  ) {
    this.simulation = simulation;
    const shares: Record<Priority, number> = { high: 1, normal: shedAbove.normal ?? 1, low: shedAbove.low ?? shedAbove.normal ?? 1 };
    // A place is not lost to rounding, as 29 % of 100 would be.
    this.capacity = priorities.map((priority) =>
      shares[priority] === 1 ? capacity : Math.floor(capacity * shares[priority] * (1 + 1e-12)),
    );
    this.target = sojourn?.target ?? Infinity;
    this.interval = sojourn?.interval ?? Infinity;
    const longest = sojourn?.interval ?? maxWait;
    this.waits = longest === undefined ? undefined : new Timeouts(simulation, longest, stillWaits, shed);
    this.shortWaits = sojourn && new Timeouts(simulation, sojourn.target, stillWaits, shed);
  }

  /** @param waiting attempts that wait already; @param priority a position in `priorities` */
  mayWait(waiting: number, priority: number): boolean {
    return waiting < this.capacity[priority];
  }

  /** An attempt begins to wait. @param waiting others that do */
  startWait(attempt: number, serial: number, waiting: number): void {
    const { now } = this.simulation;
    if (waiting === 0) this.promptAt = now;
    const waits = now - this.promptAt > this.interval ? this.shortWaits : this.waits;
    waits?.start(attempt, serial);
  }

  /** An attempt begins to be served after it has waited so long. */
  begun(wait: number): void {
    if (wait <= this.target) this.promptAt = this.simulation.now;
  }
}
