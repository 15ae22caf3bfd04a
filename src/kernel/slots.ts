/**
 * Numbers for things that come and go, such as requests in flight: a number is given out again when its holder ends,
 * so that columns indexed by it grow with what is in flight and not with what has ever been.
 */
export class Slots {
  /** How many numbers columns must have room for. */
  capacity: number;
  inUse = 0;
  private free: Int32Array;
  private freeCount = 0;
  private fresh = 0;
  private readonly grown: (capacity: number) => void;

  /** @param grown called with the new capacity before a number beyond the old one is given out, and once at the start */
  constructor(grown: (capacity: number) => void, capacity = 1024) {
    this.capacity = capacity;
    this.free = new Int32Array(capacity);
    this.grown = grown;
    grown(capacity);
  }

  acquire(): number {
    this.inUse++;
    if (this.freeCount > 0) return this.free[--this.freeCount];
    if (this.fresh === this.capacity) this.grow();
    return this.fresh++;
  }

  release(slot: number): void {
    this.inUse--;
    this.free[this.freeCount++] = slot;
  }

  private grow(): void {
    this.capacity *= 2;
    const wider = new Int32Array(this.capacity);
    wider.set(this.free);
    this.free = wider;
    this.grown(this.capacity);
  }
}

/** The column with room for `capacity` entries, keeping those it has. */
export function resized<Column extends Float64Array | Int32Array | Uint8Array>(column: Column, capacity: number): Column {
  const wider = new (column.constructor as new (length: number) => Column)(capacity);
  wider.set(column);
  return wider;
}
