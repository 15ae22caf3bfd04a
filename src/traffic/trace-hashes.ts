import { resized } from "../kernel/slots.ts";
import type { Prefixes } from "./prefixes.ts";

/** What the prompts of a trace begin with: for each row the hashes of its blocks from the first on, each standing for all before it too. */
export interface TraceHashes {
  /** Tokens in a block. */
  readonly block: number;
  /** Where each row's hashes start in `keys`; one more than there are rows. */
  readonly starts: Int32Array;
  /** Hashes, numbered from 0 as the file has them, so that two rows begin alike where they have the same numbers. */
  readonly keys: Int32Array;
  /** How many different ones there are. */
  readonly distinct: number;
}

/** Adds a chain for each row, with keys that belong to this trace alone, and returns the number of the first row's. */
export function addChains({ block, starts, keys, distinct }: TraceHashes, prefixes: Prefixes): number {
  const firstKey = prefixes.reserveKeys(distinct);
  let first = 0;
  for (let row = 0; row + 1 < starts.length; row++) {
    const chain = prefixes.add();
    if (row === 0) first = chain;
    for (let at = starts[row]; at < starts[row + 1]; at++) prefixes.extend(firstKey + keys[at], block);
  }
  return first;
}

/** Hashes of the rows of a trace as they are read. */
export class TraceHashRows {
  private readonly block: number;
  private readonly numbers = new Map<number, number>();
  private rows = 0;
  private starts = new Int32Array(1024);
  private keys = new Int32Array(4096);

  constructor(block: number) {
    this.block = block;
  }

  add(hashes: readonly number[]): void {
    let at = this.starts[this.rows++];
    if (this.rows === this.starts.length) this.starts = resized(this.starts, 2 * this.rows);
    while (at + hashes.length > this.keys.length) this.keys = resized(this.keys, 2 * this.keys.length);
    for (const hash of hashes) {
      let number = this.numbers.get(hash);
      if (number === undefined) this.numbers.set(hash, (number = this.numbers.size));
      this.keys[at++] = number;
    }
    this.starts[this.rows] = at;
  }

  /** @param order which row comes where; as they came unless given */
  finish(order?: Uint32Array): TraceHashes {
    const { block, rows, numbers } = this;
    const starts = this.starts.slice(0, rows + 1);
    const keys = this.keys.slice(0, starts[rows]);
    const distinct = numbers.size;
    if (order === undefined) return { block, starts, keys, distinct };
    const [moved, sorted] = [starts.slice(), keys.slice()];
    for (let row = 0; row < rows; row++) {
      const own = keys.subarray(starts[order[row]], starts[order[row] + 1]);
      sorted.set(own, moved[row]);
      moved[row + 1] = moved[row] + own.length;
    }
    return { block, starts: moved, keys: sorted, distinct };
  }
}
