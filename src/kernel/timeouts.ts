import type { Simulation } from "./simulation.ts";

/**
 * Time-outs that all last equally long fall due in the order in which they were set. So they wait in a plain queue, and only
 * the first stands among the simulation's events; those that have become pointless are skipped without an event.
 */
export class Timeouts {
  private readonly expire: number;
  private readonly simulation: Simulation;
  private readonly delay: number;
  private readonly pending: (subject: number, stamp: number) => boolean;
  private due = new Float64Array(256);
  private ranks = new Float64Array(256);
  private subjects = new Int32Array(256);
  private stamps = new Int32Array(256);
  private first = 0;
  private count = 0;

  /**
   * @param delay seconds, at least 0
   * @param pending whether a time-out still matters; one that does not is dropped silently, so that what is over must stay over
   * @param action called at the time-out
   */
  constructor(
    simulation: Simulation,
    delay: number,
    pending: (subject: number, stamp: number) => boolean,
    action: (subject: number, stamp: number) => void,
  ) {
    this.simulation = simulation;
    this.delay = delay;
    this.pending = pending;
    this.expire = simulation.handler((subject, stamp) => {
      // It keeps its place until its action is over, so that a time-out started in there does not take itself for the first.
      if (pending(subject, stamp)) action(subject, stamp);
      this.drop();
      this.scheduleFirst();
    });
  }

  /** Starts a time-out for the subject as of now. */
  start(subject: number, stamp: number): void {
    if (this.count === this.due.length) this.grow();
    const slot = (this.first + this.count++) & (this.due.length - 1);
    this.due[slot] = this.simulation.now + this.delay;
    this.ranks[slot] = this.simulation.rank();
    this.subjects[slot] = subject;
    this.stamps[slot] = stamp;
    if (this.count === 1) this.schedule(slot);
  }

  private scheduleFirst(): void {
    while (this.count > 0) {
      const slot = this.first;
      if (this.pending(this.subjects[slot], this.stamps[slot])) {
        this.schedule(slot);
        return;
      }
      this.drop();
    }
  }

  private schedule(slot: number): void {
    this.simulation.atRank(this.due[slot], this.ranks[slot], this.expire, this.subjects[slot], this.stamps[slot]);
  }

  private drop(): void {
    this.first = (this.first + 1) & (this.due.length - 1);
    this.count--;
  }

  private grow(): void {
    const size = this.due.length;
    const unrolled = <Column extends Float64Array | Int32Array>(column: Column, wider: Column): Column => {
      wider.set(column.subarray(this.first));
      wider.set(column.subarray(0, this.first), size - this.first);
      return wider;
    };
    this.due = unrolled(this.due, new Float64Array(2 * size));
    this.ranks = unrolled(this.ranks, new Float64Array(2 * size));
    this.subjects = unrolled(this.subjects, new Int32Array(2 * size));
    this.stamps = unrolled(this.stamps, new Int32Array(2 * size));
    this.first = 0;
  }
}
