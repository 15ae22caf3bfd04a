import { resized } from "../kernel/slots.ts";

/** Keys from `from` on move by `by`, so that they are keys of another prompt. */
interface KeyShift {
  readonly from: number;
  readonly by: number;
}

/**
 * What prompts begin with, as chains of segments: two prompts whose chains start with the same keys start with the same tokens.
 * Chains are numbered as they are added and stay for the whole run.
 */
export class Prefixes {
  private chains = 0;
  private reserved = 0;
  /** Where each chain's segments begin, and how many there are. */
  private starts = new Int32Array(64);
  private counts = new Int32Array(64);
  /** For how many segments there is room where a chain stands, if it may grow. */
  private rooms = new Int32Array(64);
  /** Position of each chain in `shifts`. */
  private shiftOf = new Int32Array(64);
  private readonly shifts: KeyShift[] = [{ from: Infinity, by: 0 }];
  private used = 0;
  private keys = new Float64Array(64);
  private lengths = new Float64Array(64);

  /** So many whole numbers in a row that are nobody else's keys; returns the first. */
  reserveKeys(count: number): number {
    const first = this.reserved;
    this.reserved += count;
    return first;
  }

  /** Adds a chain without segments and returns its number; `extend` gives it some. */
  add(): number {
    return this.append(this.used, 0, 0);
  }

  /** Registers a shift of keys, which `addShifted` takes by the number returned. @param from keys from here on; @param by how far they move */
  addShift(from: number, by: number): number {
    return this.shifts.push({ from, by }) - 1;
  }

  /** Adds a chain with the segments of another, which no shift has moved yet, some of their keys moved. */
  addShifted(chain: number, shift: number): number {
    return this.append(this.starts[chain], this.counts[chain], shift);
  }

  /** Appends a segment to the chain that `add` made last. @param key a whole number; @param tokens may be Infinity */
  extend(key: number, tokens: number): void {
    const at = this.reserve(1);
    this.counts[this.chains - 1]++;
    this.keys[at] = key;
    this.lengths[at] = tokens;
  }

  /**
   * Appends a segment to any chain that no shift has moved; O(1) on average. Whoever knows the chain sees it longer, so what they use
   * of it has to be bounded by tokens.
   * @param tokens may be Infinity, until `settle` says how many there are
   */
  grow(chain: number, key: number, tokens: number): void {
    const count = this.counts[chain];
    if (count >= this.rooms[chain]) this.move(chain, Math.max(4, 2 * count));
    this.counts[chain]++;
    const at = this.starts[chain] + count;
    this.keys[at] = key;
    this.lengths[at] = tokens;
  }

  /** Says how many tokens the last segment of a chain has in the end. */
  settle(chain: number, tokens: number): void {
    this.lengths[this.starts[chain] + this.counts[chain] - 1] = tokens;
  }

  segments(chain: number): number {
    return this.counts[chain];
  }

  key(chain: number, segment: number): number {
    const key = this.keys[this.starts[chain] + segment];
    const { from, by } = this.shifts[this.shiftOf[chain]];
    return key < from ? key : key + by;
  }

  tokens(chain: number, segment: number): number {
    return this.lengths[this.starts[chain] + segment];
  }

  /** Gives a chain a place of its own with room for so many segments. */
  private move(chain: number, room: number): void {
    const from = this.starts[chain];
    const to = this.reserve(room);
    this.keys.copyWithin(to, from, from + this.counts[chain]);
    this.lengths.copyWithin(to, from, from + this.counts[chain]);
    this.starts[chain] = to;
    this.rooms[chain] = room;
  }

  /** Takes places for so many segments in a row; returns the first. */
  private reserve(segments: number): number {
    const first = this.used;
    this.used += segments;
    let capacity = this.keys.length;
    while (capacity < this.used) capacity *= 2;
    if (capacity > this.keys.length) {
      this.keys = resized(this.keys, capacity);
      this.lengths = resized(this.lengths, capacity);
    }
    return first;
  }

  private append(start: number, count: number, shift: number): number {
    const chain = this.chains++;
    if (chain === this.starts.length) {
      this.starts = resized(this.starts, chain * 2);
      this.counts = resized(this.counts, chain * 2);
      this.rooms = resized(this.rooms, chain * 2);
      this.shiftOf = resized(this.shiftOf, chain * 2);
    }
    this.starts[chain] = start;
    this.counts[chain] = count;
    this.shiftOf[chain] = shift;
    return chain;
  }
}
