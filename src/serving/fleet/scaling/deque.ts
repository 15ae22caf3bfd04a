import { assert } from "../../../base/assert.ts";

/** Numbers in a row that is added to and taken from at both its ends in constant time; its memory follows what it holds. */
export class Deque {
  private values: number[] = [];
  /** How many in front have been taken already. */
  private taken = 0;

  get length(): number {
    return this.values.length - this.taken;
  }

  get first(): number {
    return this.values[this.taken];
  }

  get last(): number {
    return this.values[this.values.length - 1];
  }

  push(value: number): void {
    this.values.push(value);
  }

  pop(): number {
    assert(this.length > 0, "something is left to pop");
    return this.values.pop()!;
  }

  shift(): number {
    assert(this.length > 0, "something is left to shift");
    const value = this.values[this.taken++];
    // Moving up what is left only when it is the smaller half costs each number one move at most.
    if (this.taken * 2 >= this.values.length) {
      this.values = this.values.slice(this.taken);
      this.taken = 0;
    }
    return value;
  }
}
