import { type DecodingPace, decodingPace } from "./speculation.ts";

/**
 * The KV blocks of one replica. A decoding sequence gains the same number of tokens in every iteration, so the iterations in which it
 * needs another block come back after a period, 16 iterations for blocks of 16 tokens: counting the demand by the remainder of the
 * iteration's number tells that of any iteration to come without looking at a single sequence.
 *
 * Tokens are counted in the units of the pace. Beside its tokens a sequence holds room for drafts that may be rejected.
 */
export class KvBlocks {
  free: number;
  private readonly unitsPerToken: number;
  private readonly gain: number;
  private readonly spare: number;
  private readonly unitsPerBlock: number;
  /** Iterations after which the demand repeats, and the blocks that one decoding sequence needs in so many. */
  private readonly period: number;
  private readonly blocksPerPeriod: number;
  /** Blocks that the decoding sequences need, by the remainder of the iterations in which they do. */
  private readonly demand: Int32Array;
  private decoding = 0;

  /** @param blocks how many there are; @param size tokens in each */
  constructor(blocks: number, size: number, pace: DecodingPace = decodingPace(undefined)) {
    this.free = blocks;
    this.unitsPerToken = pace.unitsPerToken;
    this.gain = pace.gain;
    this.spare = pace.width * pace.unitsPerToken - pace.gain;
    this.unitsPerBlock = size * pace.unitsPerToken;
    const common = greatestCommonDivisor(this.unitsPerBlock, pace.gain);
    this.period = this.unitsPerBlock / common;
    this.blocksPerPeriod = pace.gain / common;
    this.demand = new Int32Array(this.period);
  }

  /** Blocks of a sequence that holds so many tokens, and has decoded for so many iterations since it held them. */
  holding(tokens: number, iterations = 0): number {
    return Math.ceil((tokens * this.unitsPerToken + this.spare + iterations * this.gain) / this.unitsPerBlock);
  }

  /** What tells the iterations in which a sequence that holds `tokens` before `iteration` needs blocks: its units before iteration 0. */
  residue(iteration: number, tokens: number): number {
    const residue = (tokens * this.unitsPerToken + this.spare - iteration * this.gain) % this.unitsPerBlock;
    return residue < 0 ? residue + this.unitsPerBlock : residue;
  }

  startDecoding(residue: number): void {
    this.change(residue, 1);
  }

  stopDecoding(residue: number): void {
    this.change(residue, -1);
  }

  /** Blocks that the decoding sequences need in this iteration. */
  neededIn(iteration: number): number {
    return this.demand[iteration % this.period];
  }

  /** Blocks that one decoding sequence needs in this iteration. */
  neededBy(residue: number, iteration: number): number {
    const { gain, unitsPerBlock } = this;
    const before = residue + (iteration % this.period) * gain;
    return Math.ceil((before + gain) / unitsPerBlock) - Math.ceil(before / unitsPerBlock);
  }

  /** Blocks that the decoding sequences need in `count` iterations from `first` on. */
  neededOver(first: number, count: number): number {
    const { demand, period } = this;
    let needed = 0;
    let left = count;
    if (count >= period) {
      const rounds = Math.floor(count / period);
      needed = rounds * this.decoding * this.blocksPerPeriod;
      left -= rounds * period;
    }
    for (let phase = first % period; left > 0; left--) {
      needed += demand[phase];
      if (++phase === period) phase = 0;
    }
    return needed;
  }

  /** How many iterations from `first` on, `limit` at most, the free blocks last. */
  iterationsCovered(first: number, limit: number): number {
    const { demand, period } = this;
    const perPeriod = this.decoding * this.blocksPerPeriod;
    // A partly used period costs no more than a whole one.
    if (this.free >= perPeriod * Math.ceil(limit / period)) return limit;
    const rounds = Math.floor(this.free / perPeriod);
    let left = this.free - rounds * perPeriod;
    let covered = rounds * period;
    for (let phase = (first + covered) % period; covered < limit && demand[phase] <= left; covered++) {
      left -= demand[phase];
      if (++phase === period) phase = 0;
    }
    return covered;
  }

  private change(residue: number, by: number): void {
    const { demand, gain, unitsPerBlock, period, blocksPerPeriod } = this;
    this.decoding += by;
    let bound = residue === 0 ? 0 : unitsPerBlock;
    for (let i = 0; i < blocksPerPeriod; i++, bound += unitsPerBlock) {
      demand[Math.floor((bound - residue) / gain) % period] += by;
    }
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
