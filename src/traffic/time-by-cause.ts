import { resized } from "../kernel/slots.ts";
import { causeCode } from "./cause.ts";

/** Numbers kept for each request: the seconds of each cause, and in the last since when its time is not counted yet; a power of two. */
const width = 16;
const sinceAt = width - 1;

/** A state is the present cause, a position in `causes`, in its lowest bits, and above them a bit for each cause that took some time. */
const causeBits = 4;
const causeMask = (1 << causeBits) - 1;

/** Which cause the time of each request in flight goes to, and how much has gone to each so far, in columns by request. */
export class TimeByCause {
  private state = new Int32Array(0);
  /** The seconds of a cause mean nothing until it has its bit. */
  private seconds = new Float64Array(0);

  begin(request: number, now: number): void {
    this.state[request] = causeCode.clientQueue;
    this.seconds[request * width + sinceAt] = now;
  }

  /** From now on its time goes to `cause`. */
  enter(request: number, cause: number, now: number): void {
    this.state[request] = (this.settled(request, now) & ~causeMask) | cause;
  }

  /**
   * Its time ends now. Writes into a column one bit for each cause that took some time, then the seconds of each of these in the order
   * of `causes`. @returns the position after them
   */
  end(request: number, now: number, column: Float64Array, from: number): number {
    const took = this.settled(request, now) >>> causeBits;
    const { seconds } = this;
    const row = request * width;
    column[from] = took;
    let at = from + 1;
    for (let rest = took; rest !== 0; rest &= rest - 1) column[at++] = seconds[row + lowestBit(rest)];
    return at;
  }

  /** Counts the time up to now. @returns the state that follows, which is yet to be kept */
  private settled(request: number, now: number): number {
    const { seconds } = this;
    const state = this.state[request];
    const row = request * width;
    const length = now - seconds[row + sinceAt];
    if (length === 0) return state;
    seconds[row + sinceAt] = now;
    const cause = state & causeMask;
    const bit = 1 << (cause + causeBits);
    if ((state & bit) === 0) seconds[row + cause] = length;
    else seconds[row + cause] += length;
    return state | bit;
  }

  resize(capacity: number): void {
    this.state = resized(this.state, capacity);
    this.seconds = resized(this.seconds, capacity * width);
  }
}

/** Position of the lowest bit that is set. */
export function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}
