import { none } from "../traffic/requests.ts";
import type { Reads } from "./reads.ts";

/** Reads that wait for a slot of any replica, first come first served; leaving from the middle takes constant time. */
export class ReadLine {
  length = 0;
  /** Who is next, or `none`. */
  head = none;
  private tail = none;
  private readonly reads: Reads;

  constructor(reads: Reads) {
    this.reads = reads;
  }

  join(ticket: number): void {
    const { ahead, behind } = this.reads;
    ahead[ticket] = this.tail;
    behind[ticket] = none;
    if (this.tail === none) this.head = ticket;
    else behind[this.tail] = ticket;
    this.tail = ticket;
    this.length++;
  }

  leave(ticket: number): void {
    const { ahead, behind } = this.reads;
    const before = ahead[ticket];
    const after = behind[ticket];
    if (before === none) this.head = after;
    else behind[before] = after;
    if (after === none) this.tail = before;
    else ahead[after] = before;
    this.length--;
  }
}
