import { none } from "../../../traffic/requests.ts";
import type { LineLinks } from "../line-links.ts";
import type { WaitingLine } from "../waiting-line.ts";
import type { LineOrder } from "./line-order.ts";

/** A line that the last to join is first to leave: joining and leaving, also from the middle, take constant time. */
class LifoLine implements WaitingLine {
  length = 0;
  head = none;
  /** The last of those put at the head, right behind whom everyone else joins. */
  private lastAtHead = none;
  private readonly links: LineLinks;

  constructor(links: LineLinks) {
    this.links = links;
  }

  join(attempt: number): void {
    this.insertBehind(this.lastAtHead, attempt);
  }

  joinAtHead(attempt: number): void {
    this.insertBehind(none, attempt);
    if (this.lastAtHead === none) this.lastAtHead = attempt;
  }

  leave(attempt: number): void {
    const { ahead, behind } = this.links;
    const before = ahead[attempt];
    const after = behind[attempt];
    if (before === none) this.head = after;
    else behind[before] = after;
    if (after !== none) ahead[after] = before;
    // Whoever was before one that was put at the head was put there too.
    if (attempt === this.lastAtHead) this.lastAtHead = before;
    this.length--;
  }

  /** @param before `none` for the very head */
  private insertBehind(before: number, attempt: number): void {
    const { ahead, behind } = this.links;
    const after = before === none ? this.head : behind[before];
    ahead[attempt] = before;
    behind[attempt] = after;
    if (before === none) this.head = attempt;
    else behind[before] = attempt;
    if (after !== none) ahead[after] = attempt;
    this.length++;
  }
}

/** Last come, first served: under overload those that are still fresh are answered in time, and the oldest wait for ever. */
export const lifo: LineOrder = { create: (links) => new LifoLine(links) };
