import { resized } from "../../kernel/slots.ts";
import { none } from "../../traffic/requests.ts";

/** Segments remembered at first, and at most unless said otherwise: 48 MiB. Powers of two. */
const atFirst = 1024;
const atMost = 4_194_304;

/**
 * Who got each segment of a prefix last. Keys are handed out in a row from 0, so a column holds them. It grows up to a bound, as a
 * router's memory has one; from then on a segment takes the place of another, in general one that came long before it.
 */
export class SegmentHolders {
  private readonly most: number;
  private keys = new Float64Array(atFirst).fill(none);
  private holders = new Int32Array(atFirst);

  /** @param most segments remembered, a power of two; 4,194,304 unless given */
  constructor(most = atMost) {
    this.most = most;
  }

  /** Number of the replica that got the segment last, or `none`. @param key a whole number from 0 */
  of(key: number): number {
    const slot = key % this.keys.length;
    return this.keys[slot] === key ? this.holders[slot] : none;
  }

  remember(key: number, replica: number): void {
    while (key >= this.keys.length && this.keys.length < this.most) this.grow();
    const slot = key % this.keys.length;
    this.keys[slot] = key;
    this.holders[slot] = replica;
  }

  /** All keys so far are below the old length, so each keeps its slot. */
  private grow(): void {
    const before = this.keys.length;
    this.keys = resized(this.keys, 2 * before).fill(none, before);
    this.holders = resized(this.holders, 2 * before);
  }
}
