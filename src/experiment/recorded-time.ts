import { resized } from "../kernel/slots.ts";
import { causes } from "../traffic/cause.ts";
import { lowestBit, type TimeByCause } from "../traffic/time-by-cause.ts";

/** What the time of each request of one run went to. Most have few causes, so that only those that took any time are kept. */
export class RecordedTime {
  /** By ordinal: where in `log` what `TimeByCause.end` writes of the request begins. */
  private first = new Int32Array(0);
  private log = new Float64Array(0);
  private length = 0;

  /** Its time ends now. */
  record(ordinal: number, time: TimeByCause, request: number, now: number): void {
    const { length } = this;
    const longest = 1 + causes.length;
    if (length + longest > this.log.length) this.log = resized(this.log, 2 * length + longest);
    this.first[ordinal] = length;
    this.length = time.end(request, now, this.log, length);
  }

  /** Adds the seconds of a request to sums, one for each of `causes`. */
  addTo(sums: Float64Array, ordinal: number): void {
    const { log } = this;
    let at = this.first[ordinal];
    for (let rest = log[at++] | 0; rest !== 0; rest &= rest - 1) sums[lowestBit(rest)] += log[at++];
  }

  resize(capacity: number): void {
    this.first = resized(this.first, capacity);
  }
}
