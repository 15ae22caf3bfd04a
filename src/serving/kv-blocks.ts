/**
 * The KV blocks of one replica. A decoding sequence writes one token per iteration, so it needs a new block every `blockSize`
 * iterations, always at the same remainder of the iteration's number: counting sequences by that remainder tells the
 * demand of any iteration to come without looking at a single sequence.
 */
export class KvBlocks {
  free: number;
  readonly size: number;
  /** Decoding sequences that need a block, by the remainder of the iterations in which they do. */
  private readonly demand: Int32Array;
  private decoding = 0;

  /** @param blocks how many there are; @param size tokens in each */
  constructor(blocks: number, size: number) {
    this.free = blocks;
    this.size = size;
    this.demand = new Int32Array(size);
  }

  /** Blocks that hold so many tokens. */
  holding(tokens: number): number {
    return Math.ceil(tokens / this.size);
  }

  /** The remainder at which a sequence that holds `tokens` before `iteration` needs its blocks. */
  phase(iteration: number, tokens: number): number {
    const phase = (iteration - tokens) % this.size;
    return phase < 0 ? phase + this.size : phase;
  }

  startDecoding(phase: number): void {
    this.demand[phase]++;
    this.decoding++;
  }

  stopDecoding(phase: number): void {
    this.demand[phase]--;
    this.decoding--;
  }

  /** Blocks that the decoding sequences need in this iteration. */
  neededIn(iteration: number): number {
    return this.demand[iteration % this.size];
  }

  /** Blocks that they need in `count` iterations from `first` on. */
  neededOver(first: number, count: number): number {
    const { demand, size } = this;
    const rounds = Math.floor(count / size);
    let needed = rounds * this.decoding;
    let phase = first % size;
    for (let left = count - rounds * size; left > 0; left--) {
      needed += demand[phase];
      if (++phase === size) phase = 0;
    }
    return needed;
  }

  /** How many iterations from `first` on, `limit` at most, the free blocks last. */
  iterationsCovered(first: number, limit: number): number {
    const rounds = Math.floor(this.free / this.decoding);
    if (rounds * this.size >= limit) return limit;
    let left = this.free - rounds * this.decoding;
    let covered = rounds * this.size;
    while (covered < limit && this.neededIn(first + covered) <= left) left -= this.neededIn(first + covered++);
    return covered;
  }
}
