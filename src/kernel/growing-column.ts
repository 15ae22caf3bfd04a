import { resized } from "./slots.ts";

/** Numbers collected one after the other. */
export class GrowingColumn {
  private column = new Float64Array(64);
  private length = 0;

  add(value: number): void {
    if (this.length === this.column.length) this.column = resized(this.column, 2 * this.length);
    this.column[this.length++] = value;
  }

  /** Those collected so far, in place: whoever rearranges them does so for good. */
  get values(): Float64Array {
    return this.column.subarray(0, this.length);
  }
}
