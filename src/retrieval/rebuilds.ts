import type { Simulation } from "../kernel/simulation.ts";
import type { Replicas } from "./replicas.ts";
import { Spans } from "./spans.ts";
import type { RebuildSettings } from "./vector-store-settings.ts";

/** A rebuild has ended when no more of it is left than this share. */
const rounding = 1e-9;

/**
 * Rebuilds of the index, each of all replicas. One that is due while another is going on begins when that has ended, and stands for all
 * that were due meanwhile. What is left of a replica's shrinks by the second, less the share `drag` of the slots that are held there.
 */
export class Rebuilds {
  /** Of one replica each. */
  begun = 0;
  /** From the first replica's begin to the last one's end. */
  readonly spans = new Spans("rebuild");
  private readonly simulation: Simulation;
  private readonly given: RebuildSettings;
  private readonly replicas: Replicas;
  private readonly check: number;
  /** By replica: when its rebuild began, NaN while there is none, and the area of its slots then. */
  private readonly beganAt: Float64Array;
  private readonly areaThen: Float64Array;
  private working = 0;
  private isDue = false;
  private writes = 0;
  private secondsEnded = 0;

  constructor(simulation: Simulation, given: RebuildSettings, replicas: Replicas) {
    this.simulation = simulation;
    this.given = given;
    this.replicas = replicas;
    this.beganAt = new Float64Array(replicas.count).fill(NaN);
    this.areaThen = new Float64Array(replicas.count);
    this.check = simulation.handler((replica) => this.endOrWait(replica));
    this.schedule();
  }

  /** A vector was written. */
  wrote(): void {
    const { afterWrites } = this.given;
    if (afterWrites === undefined || ++this.writes < afterWrites) return;
    this.due();
  }

  /** Factor on the time of a read that begins now there. @param slowdown while a rebuild slows it */
  pace(replica: number, slowdown: number): number {
    return this.given.effect === "slowReads" && this.isWorking(replica) ? slowdown : 1;
  }

  /** Share of the vectors that reads which begin now there have to scan. */
  unindexed(replica: number): number {
    const { effect, unindexed = 1, lasts } = this.given;
    return effect === "scan" && this.isWorking(replica) ? (unindexed * Math.max(0, this.left(replica))) / lasts : 0;
  }

  /** Spent on rebuilding until now, added up over replicas. */
  seconds(now: number): number {
    const { beganAt } = this;
    let seconds = this.secondsEnded;
    for (let replica = 0; replica < beganAt.length; replica++) if (this.isWorking(replica)) seconds += now - beganAt[replica];
    return seconds;
  }

  private schedule(): void {
    const { simulation, given } = this;
    const { every, at = [] } = given;
    const moment = (nth: number): number => (every === undefined ? (at[nth] ?? Infinity) : (nth + 1) * every);
    const due = simulation.handler((nth) => {
      this.due();
      if (moment(nth + 1) < Infinity) simulation.at(moment(nth + 1), due, nth + 1);
    });
    if (moment(0) < Infinity) simulation.at(moment(0), due, 0);
  }

  private due(): void {
    this.isDue = true;
    if (!this.spans.ongoing) this.beginAll();
  }

  private beginAll(): void {
    this.isDue = false;
    this.writes = 0;
    this.spans.begin(this.simulation.now);
    const first = this.given.replicas === "inTurn" ? 1 : this.replicas.count;
    for (let replica = 0; replica < first; replica++) this.begin(replica);
  }

  private begin(replica: number): void {
    const { simulation, given, replicas } = this;
    this.begun++;
    this.working++;
    this.beganAt[replica] = simulation.now;
    this.areaThen[replica] = replicas.area(replica);
    if (given.effect === "blockReads") replicas.block(replica);
    simulation.after(given.lasts, this.check, replica);
  }

  private endOrWait(replica: number): void {
    const { simulation } = this;
    const left = this.left(replica);
    // The soonest moment at which it can end is when no slot is held until then.
    if (left > rounding * this.given.lasts && simulation.now + left > simulation.now) simulation.after(left, this.check, replica);
    else this.end(replica);
  }

  private end(replica: number): void {
    const { simulation, given, replicas } = this;
    this.working--;
    this.secondsEnded += simulation.now - this.beganAt[replica];
    this.beganAt[replica] = NaN;
    // What waits gets its turn even if the next rebuild begins at once.
    if (given.effect === "blockReads") replicas.unblock(replica);
    if (given.replicas === "inTurn" && replica + 1 < replicas.count) this.begin(replica + 1);
    else if (this.working === 0) {
      this.spans.end(simulation.now);
      if (this.isDue) this.beginAll();
    }
  }

  private isWorking(replica: number): boolean {
    return !Number.isNaN(this.beganAt[replica]);
  }

  /** Seconds that a replica's would still take if it had nothing else to do. */
  private left(replica: number): number {
    const { simulation, given, replicas } = this;
    const elapsed = simulation.now - this.beganAt[replica];
    const busy = (replicas.area(replica) - this.areaThen[replica]) / replicas.concurrency;
    return given.lasts - elapsed + given.drag * busy;
  }
}
