import { resized } from "../kernel/slots.ts";

/** Keys in the order in which they were last put at its end, as a linked list in columns. Keys are whole numbers from 1 to the count, which may grow. */
export class KeyOrder {
  /** The place of key 0, which is none, holds both ends. */
  private after: Int32Array;
  private before: Int32Array;

  constructor(count: number) {
    this.after = new Int32Array(count + 1);
    this.before = new Int32Array(count + 1);
  }

  /** @param count not below the one before */
  grow(count: number): void {
    this.after = resized(this.after, count + 1);
    this.before = resized(this.before, count + 1);
  }

  /** The key that has not been put at the end for longest; 0 when there is none. */
  get first(): number {
    return this.after[0];
  }

  /** The key must not be in it. */
  append(key: number): void {
    const last = this.before[0];
    this.after[last] = key;
    this.before[key] = last;
    this.after[key] = 0;
    this.before[0] = key;
  }

  /** The key must be in it. */
  remove(key: number): void {
    const { after, before } = this;
    after[before[key]] = after[key];
    before[after[key]] = before[key];
  }
}
