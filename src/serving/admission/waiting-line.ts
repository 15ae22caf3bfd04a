import { none } from "../../traffic/requests.ts";

/** The links between attempts that wait in line; one set serves all lines, since an attempt waits in one line at a time. */
export class LineLinks {
  ahead = new Int32Array(0);
  behind = new Int32Array(0);

  resize(capacity: number): void {
    const { ahead, behind } = this;
    this.ahead = new Int32Array(capacity);
    this.behind = new Int32Array(capacity);
    this.ahead.set(ahead);
    this.behind.set(behind);
  }
}

/** A line in order of arrival that anyone may leave from any place, in constant time. */
export class WaitingLine {
  length = 0;
  head = none;
  private tail = none;
  private readonly links: LineLinks;

  constructor(links: LineLinks) {
    this.links = links;
  }

  join(attempt: number): void {
    const { ahead, behind } = this.links;
    ahead[attempt] = this.tail;
    behind[attempt] = none;
    if (this.tail === none) this.head = attempt;
    else behind[this.tail] = attempt;
    this.tail = attempt;
    this.length++;
  }

  /** Goes before everyone else, as who was preempted does. */
  joinAtHead(attempt: number): void {
    const { ahead, behind } = this.links;
    ahead[attempt] = none;
    behind[attempt] = this.head;
    if (this.head === none) this.tail = attempt;
    else ahead[this.head] = attempt;
    this.head = attempt;
    this.length++;
  }

  leave(attempt: number): void {
    const { ahead, behind } = this.links;
    const before = ahead[attempt];
    const after = behind[attempt];
    if (before === none) this.head = after;
    else behind[before] = after;
    if (after === none) this.tail = before;
    else ahead[after] = before;
    this.length--;
  }
}
