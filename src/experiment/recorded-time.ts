import { resized } from "../kernel/slots.ts";
import { causes } from "../traffic/cause.ts";
import type { TimeByCause } from "../traffic/time-by-cause.ts";

/** What the time of each request of one run went to. Most have few causes, so that only those that took any time are kept. */
export class RecordedTime {
  /** By ordinal: one bit for each cause, and where in `seconds` those of the request begin, in the order of `causes`. */
  private took = new Int32Array(0);
  private first = new Int32Array(0);
  private seconds = new Float64Array(0);
  private length = 0;

  record(ordinal: number, time: TimeByCause, request: number): void {
    const took = time.causesOf(request);
    this.took[ordinal] = took;
    this.first[ordinal] = this.length;
    if (this.length + causes.length > this.seconds.length) this.seconds = resized(this.seconds, 2 * this.seconds.length + causes.length);
    for (let cause = 0, rest = took; rest !== 0; cause++, rest >>= 1) {
      if ((rest & 1) === 1) this.seconds[this.length++] = time.of(request, cause);
    }
  }

  /** Adds the seconds of a request to sums, one for each of `causes`. */
  addTo(sums: Float64Array, ordinal: number): void {
    let at = this.first[ordinal];
    for (let cause = 0, rest = this.took[ordinal]; rest !== 0; cause++, rest >>= 1) {
      if ((rest & 1) === 1) sums[cause] += this.seconds[at++];
    }
  }

  resize(capacity: number): void {
    this.took = resized(this.took, capacity);
    this.first = resized(this.first, capacity);
  }
}
