import { resized } from "../../../kernel/slots.ts";
import { none } from "../../../traffic/requests.ts";
import type { LineLinks } from "../line-links.ts";
import type { WaitingLine } from "../waiting-line.ts";

/**
 * A line in order of a key, the smallest first, and in order of joining where keys are equal: a binary heap in columns. It knows at
 * which place in the heap each attempt is, so that joining and leaving, also from the middle, are O(log n).
 */
export class SortedLine implements WaitingLine {
  length = 0;
  private readonly links: LineLinks;
  private readonly keyOf: (attempt: number) => number;
  private joined = 0;
  private waiting = new Int32Array(16);
  private keys = new Float64Array(16);
  private ranks = new Float64Array(16);

  /** @param links of which `ahead` holds an attempt's place in the heap; @param keyOf asked once for each attempt that joins, finite */
  constructor(links: LineLinks, keyOf: (attempt: number) => number) {
    this.links = links;
    this.keyOf = keyOf;
  }

  get head(): number {
    return this.length === 0 ? none : this.waiting[0];
  }

  join(attempt: number): void {
    this.insert(attempt, this.keyOf(attempt), this.joined++);
  }

  joinAtHead(attempt: number): void {
    // Before all keys, and of these the last such first.
    this.insert(attempt, -Infinity, -this.joined++);
  }

  leave(attempt: number): void {
    const { waiting, keys, ranks } = this;
    const hole = this.links.ahead[attempt];
    const last = --this.length;
    if (hole < last) this.settle(hole, waiting[last], keys[last], ranks[last]);
  }

  private insert(attempt: number, key: number, rank: number): void {
    if (this.length === this.waiting.length) this.grow();
    this.settle(this.length++, attempt, key, rank);
  }

  /** Puts an attempt into a free place of the heap, or further up or down, whichever its key and rank ask for. */
  private settle(free: number, attempt: number, key: number, rank: number): void {
    const { keys, ranks, length } = this;
    let hole = free;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (!precedes(key, rank, keys[parent], ranks[parent])) break;
      this.move(parent, hole);
      hole = parent;
    }
    for (let child = 2 * hole + 1; child < length; child = 2 * hole + 1) {
      const sibling = child + 1;
      if (sibling < length && precedes(keys[sibling], ranks[sibling], keys[child], ranks[child])) child = sibling;
      if (precedes(key, rank, keys[child], ranks[child])) break;
      this.move(child, hole);
      hole = child;
    }
    this.place(hole, attempt, key, rank);
  }

  private move(from: number, to: number): void {
    this.place(to, this.waiting[from], this.keys[from], this.ranks[from]);
  }

  private place(at: number, attempt: number, key: number, rank: number): void {
    this.waiting[at] = attempt;
    this.keys[at] = key;
    this.ranks[at] = rank;
    this.links.ahead[attempt] = at;
  }

  private grow(): void {
    const capacity = 2 * this.waiting.length;
    this.waiting = resized(this.waiting, capacity);
    this.keys = resized(this.keys, capacity);
    this.ranks = resized(this.ranks, capacity);
  }
}

function precedes(keyA: number, rankA: number, keyB: number, rankB: number): boolean {
  return keyA < keyB || (keyA === keyB && rankA < rankB);
}
