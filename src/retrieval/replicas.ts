import { Level, type Measurement } from "../kernel/level.ts";
import type { Simulation } from "../kernel/simulation.ts";
import { none } from "../traffic/requests.ts";
import { ReadLine } from "./read-line.ts";
import { phases, type Reads } from "./reads.ts";
import { WriteLog } from "./write-log.ts";

/**
 * The slots of all replicas and what waits for them. Reads stand in one line: the first goes to whichever replica has a slot. A write holds
 * a slot of every replica for the same time, begun by each when it gets there. On one replica reads and writes begin in the order in which
 * they came.
 */
export class Replicas {
  readonly count: number;
  /** Reads and writes that one replica serves at the same time. */
  readonly concurrency: number;
  /** Slots held, of `count` × `concurrency`. */
  readonly slots: Level;
  private readonly simulation: Simulation;
  private readonly reads: Reads;
  private readonly line: ReadLine;
  private readonly writes: WriteLog;
  private readonly readTime: (ticket: number, replica: number) => number;
  private readonly readEnds: number;
  private readonly writeEnds: number;
  /** By replica: slots held, slots × seconds until the moment `since`, and 1 where nothing may begin. */
  private readonly held: Int32Array;
  private readonly areas: Float64Array;
  private readonly since: Float64Array;
  private readonly blocked: Uint8Array;
  private stopped = false;
  private came = 0;

  /**
   * @param readTime seconds that a read takes which begins now on a replica
   * @param served told of a read that was served to its end, which has given its slot back; it is the listener's to close
   */
  constructor(
    simulation: Simulation,
    reads: Reads,
    given: { readonly replicas: number; readonly concurrency: number },
    measurement: Measurement,
    readTime: (ticket: number, replica: number) => number,
    served: (ticket: number) => void,
  ) {
    this.simulation = simulation;
    this.reads = reads;
    this.count = given.replicas;
    this.concurrency = given.concurrency;
    this.slots = new Level(measurement);
    this.line = new ReadLine(reads);
    this.writes = new WriteLog(this.count);
    this.readTime = readTime;
    this.held = new Int32Array(this.count);
    this.areas = new Float64Array(this.count);
    this.since = new Float64Array(this.count);
    this.blocked = new Uint8Array(this.count);
    this.readEnds = simulation.handler((ticket, serial) => {
      // What is under way when everything stops has no end of its own.
      if (reads.serial[ticket] !== serial || this.stopped) return;
      const replica = reads.replica[ticket];
      this.hold(replica, -1);
      this.serveNext(replica);
      served(ticket);
    });
    this.writeEnds = simulation.handler((replica) => {
      this.hold(replica, -1);
      this.serveNext(replica);
    });
  }

  /** Reads that wait. */
  get waiting(): number {
    return this.line.length;
  }

  /** A place in the order of reads and writes. */
  rank(): number {
    return this.came++;
  }

  /** The replica with fewest slots held of those that can begin a read now, the first of equals; `none` without any. O(replicas) */
  free(): number {
    if (this.stopped) return none;
    const { held, blocked } = this;
    let free = none;
    let least = this.concurrency;
    for (let replica = 0; replica < held.length; replica++) {
      if (held[replica] >= least || blocked[replica] === 1) continue;
      least = held[replica];
      free = replica;
    }
    return free;
  }

  /** @param replica as `free` tells, `none` to wait */
  take(ticket: number, replica: number): void {
    if (replica !== none) {
      this.beginRead(ticket, replica);
      return;
    }
    this.reads.phase[ticket] = phases.waiting;
    this.line.join(ticket);
  }

  /** One that waits leaves. */
  leave(ticket: number): void {
    this.line.leave(ticket);
  }

  /** @param time seconds for which it holds a slot of each replica */
  write(time: number): void {
    this.writes.add(this.rank(), time);
    for (let replica = 0; replica < this.count; replica++) this.serveNext(replica);
  }

  /** Slots × seconds that a replica's were held since the start of the run. */
  area(replica: number): number {
    return this.areas[replica] + this.held[replica] * (this.simulation.now - this.since[replica]);
  }

  /** Nothing begins there until `unblock`; what is under way goes on. */
  block(replica: number): void {
    this.blocked[replica] = 1;
  }

  unblock(replica: number): void {
    this.blocked[replica] = 0;
    this.serveNext(replica);
  }

  /** Nothing begins and no read ends until `resume`; writes under way go on. */
  stop(): void {
    this.stopped = true;
  }

  resume(): void {
    this.stopped = false;
    for (let replica = 0; replica < this.count; replica++) this.serveNext(replica);
  }

  /** Takes all reads from the line and from their slots. @returns those for which someone waits, in the order in which they came */
  breakOff(): number[] {
    const { reads } = this;
    const open = reads.inOrder();
    for (const ticket of open) {
      if (reads.phase[ticket] === phases.served) this.hold(reads.replica[ticket], -1);
      else this.line.leave(ticket);
      if (reads.left[ticket] === 1) reads.close(ticket);
      else reads.phase[ticket] = phases.failing;
    }
    return open.filter((ticket) => reads.phase[ticket] === phases.failing);
  }

  private serveNext(replica: number): void {
    const { line, writes } = this;
    while (!this.stopped && this.blocked[replica] === 0 && this.held[replica] < this.concurrency) {
      const read = line.head;
      const rankOfWrite = writes.rankOfNext(replica);
      if (read !== none && this.reads.rank[read] < rankOfWrite) {
        line.leave(read);
        this.beginRead(read, replica);
      } else if (rankOfWrite < Infinity) {
        this.hold(replica, 1);
        this.simulation.after(writes.begin(replica), this.writeEnds, replica);
      } else return;
    }
  }

  private beginRead(ticket: number, replica: number): void {
    const { reads } = this;
    reads.phase[ticket] = phases.served;
    reads.replica[ticket] = replica;
    this.hold(replica, 1);
    this.simulation.after(this.readTime(ticket, replica), this.readEnds, ticket, reads.serial[ticket]);
  }

  private hold(replica: number, change: number): void {
    const { now } = this.simulation;
    this.areas[replica] = this.area(replica);
    this.since[replica] = now;
    this.held[replica] += change;
    this.slots.add(now, change);
  }
}
