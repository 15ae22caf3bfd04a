import { resized } from "../kernel/slots.ts";
import { HashNumbers } from "./hash-numbers.ts";
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

/**
 * Chains for the rows of a trace. Its first pass has the hashes as they are. In each pass after that, of a turned copy or another
 * class, what only one row begins with is new: a prompt that came once does not come again. What several rows begin with stays
 * what it was.
 */
export class TraceChains {
  private readonly hashes: TraceHashes;
  private readonly prefixes: Prefixes;
  private readonly firstKey: number;
  /** How many hashes are in several rows. Their keys come first. */
  private readonly shared: number;
  private readonly first: number;
  private passes = 0;

  constructor(hashes: TraceHashes, prefixes: Prefixes) {
    this.hashes = hashes;
    this.prefixes = prefixes;
    const { block, starts, keys, distinct } = hashes;
    const { numbers, shared } = sharedFirst(hashes);
    this.shared = shared;
    this.firstKey = prefixes.reserveKeys(distinct);
    this.first = 0;
    for (let row = 0; row + 1 < starts.length; row++) {
      const chain = prefixes.add();
      if (row === 0) this.first = chain;
      for (let at = starts[row]; at < starts[row + 1]; at++) prefixes.extend(this.firstKey + numbers[keys[at]], block);
    }
  }

  /** Begins a pass over the trace; the function returned gives the chain of a row that comes in it. */
  pass(): (row: number) => number {
    const { hashes, prefixes, first, firstKey, shared } = this;
    const own = hashes.distinct - shared;
    if (this.passes++ === 0 || own === 0) return (row) => first + row;
    const shift = prefixes.addShift(firstKey + shared, prefixes.reserveKeys(own) - firstKey - shared);
    return (row) => prefixes.addShifted(first + row, shift);
  }
}

/** The hashes numbered anew, those of several rows before those of one; and how many the first are. */
function sharedFirst({ starts, keys, distinct }: TraceHashes): { readonly numbers: Int32Array; readonly shared: number } {
  const [unseen, several] = [-1, -2];
  /** The row that has the hash, or `several`. */
  const rowOf = new Int32Array(distinct).fill(unseen);
  let shared = 0;
  for (let row = 0; row + 1 < starts.length; row++) {
    for (let at = starts[row]; at < starts[row + 1]; at++) {
      const found = rowOf[keys[at]];
      if (found === unseen) rowOf[keys[at]] = row;
      else if (found !== several && found !== row) {
        rowOf[keys[at]] = several;
        shared++;
      }
    }
  }
  let [nextShared, nextOwn] = [0, shared];
  const numbers = rowOf.map((found) => (found === several ? nextShared++ : nextOwn++));
  return { numbers, shared };
}

/** Hashes of the rows of a trace as they are read. */
export class TraceHashRows {
  private readonly block: number;
  private readonly numbers = new HashNumbers();
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
    for (const hash of hashes) this.keys[at++] = this.numbers.of(hash);
    this.starts[this.rows] = at;
  }

  /** @param order which row comes where; as they came unless given */
  finish(order?: Uint32Array): TraceHashes {
    const { block, rows, numbers } = this;
    const starts = this.starts.slice(0, rows + 1);
    const keys = this.keys.slice(0, starts[rows]);
    const distinct = numbers.count;
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
