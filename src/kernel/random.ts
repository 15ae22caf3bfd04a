import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import { assert } from "../base/assert.ts";
import { hash32 } from "./hash.ts";

/** Where random numbers come from: uniform on [0, 1), 53 bits. */
export interface RandomSource {
  uniform(): number;
}

/** A named sequence of random numbers. Streams of different names, replications or seeds are independent. */
class RandomStream implements RandomSource {
  private readonly generator: RandomGenerator;

  constructor(generator: RandomGenerator) {
    this.generator = generator;
  }

  uniform(): number {
    // The lowest bits of xoroshiro128+ are weak, so each half gives its high bits only.
    const high = this.generator.next() >>> 5;
    const low = this.generator.next() >>> 6;
    return (high * 67_108_864 + low) / 9_007_199_254_740_992;
  }
}

/** The streams of one replication: each name gets its own, so adding one never shifts another. */
export class Streams {
  private readonly seed: number;
  private readonly replication: number;

  constructor(seed: number, replication: number) {
    this.seed = seed;
    this.replication = replication;
  }

  /** A sequence, for what happens in an order of its own (arrivals of one class). */
  sequence(name: string): RandomSource {
    const word = (salt: number): number => hash32(`${this.seed}/${this.replication}/${name}`, salt) | 0;
    return new RandomStream(xoroshiro128plusFromState([word(1) | 1, word(2), word(3), word(4)]));
  }

  /** Numbers that depend on a request and not on the order of events, for all that two policies must meet alike. */
  keyed(name: string): KeyedRandom {
    return new KeyedRandom(hash32(`${this.seed}/${this.replication}/${name}`, 1));
  }
}

/**
 * A counter-based generator: the n-th number for a key is a function of (key, n) alone, so that a request's fate is the same
 * whatever else happened. Philox-2x32 with 10 rounds: Salmon et al., Parallel random numbers: as easy as 1, 2, 3 (SC 2011).
 */
export class KeyedRandom implements RandomSource {
  private readonly key: number;
  private subject = 0;
  private draw = 0;
  private salted: number;

  constructor(key: number) {
    this.key = key;
    this.salted = key;
  }

  /**
   * Turns to one subject, such as a request's number within its class; its draws start anew.
   * @param aspect tells, say, its attempts apart: 0 to 4095, each with a million draws
   * @param salt tells subjects of different kinds apart that have the same number, such as requests of two classes
   */
  of(subject: number, aspect = 0, salt = 0): this {
    assert(aspect < 4096, `${aspect} is no aspect of a subject`);
    this.subject = subject;
    this.draw = aspect << 20;
    this.salted = this.key ^ salt;
    return this;
  }

  uniform(): number {
    let left = this.subject >>> 0;
    let right = this.draw++ >>> 0;
    let key = this.salted;
    for (let round = 0; round < 10; round++) {
      const low = Math.imul(0xd256d193, left);
      const high = multiplyHigh(0xd256d193, left);
      left = (high ^ key ^ right) >>> 0;
      right = low >>> 0;
      key = (key + 0x9e3779b9) | 0;
    }
    return ((left >>> 5) * 67_108_864 + (right >>> 6)) / 9_007_199_254_740_992;
  }
}

/** The upper 32 bits of the 64-bit product of two unsigned 32-bit integers. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + Math.floor((aLow * bLow) / 65_536);
  const carry = (middle % 65_536) + aLow * bHigh;
  return aHigh * bHigh + Math.floor(middle / 65_536) + Math.floor(carry / 65_536);
}
