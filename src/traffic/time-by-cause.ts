import { resized } from "../kernel/slots.ts";
import { causeCode } from "./cause.ts";

/** Seconds kept for each request: one for each cause, and room that makes it a power of two. */
const width = 16;

/** Which cause the time of each request in flight goes to, and how much has gone to each so far, in columns by request. */
export class TimeByCause {
  /** The present one, a position in `causes`, and since when its time is not counted yet. */
  private cause = new Uint8Array(0);
  private since = new Float64Array(0);
  /** One bit for each cause that took some time, and its seconds, which mean nothing without the bit. */
  private took = new Int32Array(0);
  private seconds = new Float64Array(0);

  begin(request: number, now: number): void {
    this.cause[request] = causeCode.clientQueue;
    this.since[request] = now;
    this.took[request] = 0;
  }

  /** From now on its time goes to `cause`. */
  enter(request: number, cause: number, now: number): void {
    this.settle(request, now);
    this.cause[request] = cause;
  }

  /** Counts the time up to now. */
  settle(request: number, now: number): void {
    const seconds = now - this.since[request];
    if (seconds === 0) return;
    this.since[request] = now;
    const cause = this.cause[request];
    const at = request * width + cause;
    const took = this.took[request];
    const bit = 1 << cause;
    if ((took & bit) === 0) {
      this.took[request] = took | bit;
      this.seconds[at] = seconds;
    } else this.seconds[at] += seconds;
  }

  /** Writes the seconds of the causes that took any into a column, in the order of `causes`. @returns one bit for each of them */
  copyTo(column: Float64Array, from: number, request: number): number {
    const { seconds } = this;
    const took = this.took[request];
    const first = request * width;
    for (let at = from, rest = took; rest !== 0; rest &= rest - 1) column[at++] = seconds[first + lowestBit(rest)];
    return took;
  }

  resize(capacity: number): void {
    this.cause = resized(this.cause, capacity);
    this.since = resized(this.since, capacity);
    this.took = resized(this.took, capacity);
    this.seconds = resized(this.seconds, capacity * width);
  }
}

/** Position of the lowest bit that is set. */
export function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}
