import { assert } from "../../../base/assert.ts";
import { Deque } from "./deque.ts";

/**
 * The largest or the least of the values noted in a window that moves on. It holds only values that can still become the answer,
 * each beyond all that came after it, so that noting and asking take constant time in the mean, however long the window.
 */
export class ExtremeOverWindow {
  private readonly moments = new Deque();
  private readonly values = new Deque();
  private readonly sign: 1 | -1;

  constructor(which: "largest" | "least") {
    this.sign = which === "largest" ? 1 : -1;
  }

  /** Notes a value. Moments never go back. */
  add(at: number, value: number): void {
    const { moments, values, sign } = this;
    assert(moments.length === 0 || at >= moments.last, "moments never go back");
    while (values.length > 0 && sign * (values.last - value) <= 0) {
      values.pop();
      moments.pop();
    }
    values.push(value);
    moments.push(at);
  }

  /** The extreme of what was noted at `from` or later, which is at least one value; what is older is forgotten. */
  since(from: number): number {
    const { moments, values } = this;
    while (moments.length > 0 && moments.first < from) {
      moments.shift();
      values.shift();
    }
    assert(values.length > 0, "a value was noted in the window");
    return values.first;
  }
}
