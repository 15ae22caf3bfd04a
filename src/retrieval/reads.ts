import { resized, Slots } from "../kernel/slots.ts";

/** Where a read stands: not here; in the line; holding a slot; failed, its caller about to be told. */
export const phases = { none: 0, waiting: 1, served: 2, failing: 3 };

/** Reads that have not ended, in columns indexed by ticket; a ticket is given out again when its read has ended. */
export class Reads {
  caller = new Int32Array(0);
  /** What keys its random numbers. */
  number = new Float64Array(0);
  turn = new Int32Array(0);
  salt = new Int32Array(0);
  askedAt = new Float64Array(0);
  /** Its place in the order in which reads and writes came. */
  rank = new Float64Array(0);
  /** One of `phases`. */
  phase = new Uint8Array(0);
  /** The replica whose slot it holds. */
  replica = new Int32Array(0);
  /** 1 when nobody waits for it any more. */
  left = new Uint8Array(0);
  /** 1 when it finds all there is; known once it is served. */
  complete = new Uint8Array(0);
  /** Tells the reads of one ticket apart. */
  serial = new Int32Array(0);
  /** Its neighbours in the line. */
  ahead = new Int32Array(0);
  behind = new Int32Array(0);
  private readonly tickets = new Slots((capacity) => this.resize(capacity), 64);

  open(caller: number, number: number, turn: number, salt: number, now: number, rank: number): number {
    const ticket = this.tickets.acquire();
    this.caller[ticket] = caller;
    this.number[ticket] = number;
    this.turn[ticket] = turn;
    this.salt[ticket] = salt;
    this.askedAt[ticket] = now;
    this.rank[ticket] = rank;
    this.left[ticket] = 0;
    return ticket;
  }

  close(ticket: number): void {
    this.phase[ticket] = phases.none;
    this.serial[ticket]++;
    this.tickets.release(ticket);
  }

  /** All of them, in the order in which they came. O(reads in flight) */
  inOrder(): number[] {
    const { phase, rank } = this;
    const open: number[] = [];
    for (let ticket = 0; ticket < phase.length; ticket++) if (phase[ticket] !== phases.none) open.push(ticket);
    return open.sort((a, b) => rank[a] - rank[b]);
  }

  private resize(capacity: number): void {
    this.caller = resized(this.caller, capacity);
    this.number = resized(this.number, capacity);
    this.turn = resized(this.turn, capacity);
    this.salt = resized(this.salt, capacity);
    this.askedAt = resized(this.askedAt, capacity);
    this.rank = resized(this.rank, capacity);
    this.phase = resized(this.phase, capacity);
    this.replica = resized(this.replica, capacity);
    this.left = resized(this.left, capacity);
    this.complete = resized(this.complete, capacity);
    this.serial = resized(this.serial, capacity);
    this.ahead = resized(this.ahead, capacity);
    this.behind = resized(this.behind, capacity);
  }
}
