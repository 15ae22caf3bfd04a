/** Slots at first, a power of two. */
const slotsAtFirst = 4096;

/**
 * Numbers hashes from 0 as they are first met. A table of its own, since a `Map` holds no more than 16.7 million entries: linear
 * probing, never more than half full.
 */
export class HashNumbers {
  count = 0;
  private hashes = new Float64Array(slotsAtFirst);
  /** By slot, one more than the hash's number; 0 where the slot is free. */
  private numbers = new Int32Array(slotsAtFirst);

  /** @param hash a whole number from 0, below 2^53 */
  of(hash: number): number {
    const slot = this.slotOf(hash);
    if (this.numbers[slot] > 0) return this.numbers[slot] - 1;
    this.hashes[slot] = hash;
    this.numbers[slot] = ++this.count;
    if (2 * this.count > this.numbers.length) this.grow();
    return this.count - 1;
  }

  /** Where the hash is, or the free slot where it belongs. */
  private slotOf(hash: number): number {
    const { hashes, numbers } = this;
    const last = numbers.length - 1;
    let slot = spread(hash) & last;
    while (numbers[slot] > 0 && hashes[slot] !== hash) slot = (slot + 1) & last;
    return slot;
  }

  private grow(): void {
    const [hashes, numbers] = [this.hashes, this.numbers];
    this.hashes = new Float64Array(2 * hashes.length);
    this.numbers = new Int32Array(2 * numbers.length);
    for (let i = 0; i < numbers.length; i++) {
      if (numbers[i] === 0) continue;
      const slot = this.slotOf(hashes[i]);
      this.hashes[slot] = hashes[i];
      this.numbers[slot] = numbers[i];
    }
  }
}

/** All bits of a hash in 32, none of which tells much alone: the finaliser of MurmurHash3. */
function spread(hash: number): number {
  let mixed = hash ^ Math.imul(Math.floor(hash / 4_294_967_296), 0x9e3779b1);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
