import { resized } from "../kernel/slots.ts";
import { causes } from "../traffic/cause.ts";
import { lowestBit, type TimeByCause } from "../traffic/time-by-cause.ts";

/** What the time of each request of one run went to. Most have few causes, so that only those that took any time are kept. */
export class RecordedTime {
  /** By ordinal: one bit for each cause, and where in `seconds` those of the request begin, in the order of `causes`. */
  private took = new Int32Array(0);
  private first = new Int32Array(0);
  private seconds = new Float64Array(0);
  private length = 0;

  record(ordinal: number, time: TimeByCause, request: number): void {
    const { length } = this;
    if (length + causes.length > this.seconds.length) this.seconds = resized(this.seconds, 2 * length + causes.length);
    const took = time.copyTo(this.seconds, length, request);
    this.took[ordinal] = took;
    this.first[ordinal] = length;
    for (let rest = took; rest !== 0; rest &= rest - 1) this.length++;
  }

  /** Adds the seconds of a request to sums, one for each of `causes`. */
  addTo(sums: Float64Array, ordinal: number): void {
    let at = this.first[ordinal];
    for (let rest = this.took[ordinal]; rest !== 0; rest &= rest - 1) sums[lowestBit(rest)] += this.seconds[at++];
  }

  resize(capacity: number): void {
    this.took = resized(this.took, capacity);
    this.first = resized(this.first, capacity);
  }
}
