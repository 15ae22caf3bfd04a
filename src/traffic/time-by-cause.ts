import { resized } from "../kernel/slots.ts";
import { causeCode, causes } from "./cause.ts";

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
    if (this.cause[request] === cause) return;
    this.settle(request, now);
    this.cause[request] = cause;
  }

  /** Counts the time up to now. */
  settle(request: number, now: number): void {
    const seconds = now - this.since[request];
    if (seconds === 0) return;
    const cause = this.cause[request];
    const at = request * causes.length + cause;
    const bit = 1 << cause;
    const took = this.took[request];
    this.seconds[at] = (took & bit) === 0 ? seconds : this.seconds[at] + seconds;
    this.took[request] = took | bit;
    this.since[request] = now;
  }

  /** One bit for each cause that has taken some time. */
  causesOf(request: number): number {
    return this.took[request];
  }

  /** Seconds that a cause has taken, of those counted. */
  of(request: number, cause: number): number {
    return (this.took[request] & (1 << cause)) === 0 ? 0 : this.seconds[request * causes.length + cause];
  }

  resize(capacity: number): void {
    this.cause = resized(this.cause, capacity);
    this.since = resized(this.since, capacity);
    this.took = resized(this.took, capacity);
    this.seconds = resized(this.seconds, capacity * causes.length);
  }
}
