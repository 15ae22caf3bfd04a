import { none } from "../../../traffic/requests.ts";
import type { LineLinks } from "../line-links.ts";
import type { WaitingLine } from "../waiting-line.ts";
import type { LineOrder } from "./line-order.ts";

/** A line in order of arrival: joining and leaving, also from the middle, take constant time. */
export class FifoLine implements WaitingLine {
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

/** First come, first served. */
export const fifo: LineOrder = { create: (links) => new FifoLine(links) };
