import { resized } from "../kernel/slots.ts";

/**
 * What prompts begin with, as chains of segments: two prompts whose chains start with the same keys start with the same tokens.
 * Chains are numbered as they are added and stay for the whole run.
 */
export class Prefixes {
  private chains = 0;
  private reserved = 0;
  /** Where each chain's segments begin; the next chain's beginning is its end. */
  private starts = new Int32Array(64);
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
    const chain = this.chains++;
    if (this.chains + 1 > this.starts.length) this.starts = resized(this.starts, this.starts.length * 2);
    this.starts[this.chains] = this.starts[chain];
    return chain;
  }

  /** Appends a segment to the chain added last. @param key a whole number; @param tokens may be Infinity */
  extend(key: number, tokens: number): void {
    const at = this.starts[this.chains]++;
    if (at === this.keys.length) {
      this.keys = resized(this.keys, at * 2);
      this.lengths = resized(this.lengths, at * 2);
    }
    this.keys[at] = key;
    this.lengths[at] = tokens;
  }

  segments(chain: number): number {
    return this.starts[chain + 1] - this.starts[chain];
  }

  key(chain: number, segment: number): number {
    return this.keys[this.starts[chain] + segment];
  }

  tokens(chain: number, segment: number): number {
    return this.lengths[this.starts[chain] + segment];
  }
}
