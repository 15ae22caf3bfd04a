import { Level, type Measurement } from "../kernel/level.ts";
import { resized } from "../kernel/slots.ts";
import type { Attempts } from "../traffic/attempts.ts";

/** How long attempts wait in a pool and stay in it, from the start of the run. Seconds are summed over attempts. */
export class Stays {
  /** Attempts queued and running. */
  readonly outstanding: Level;
  arrived = 0;
  /** Attempts that were taken; of these, those that found no room, beyond what the next iteration takes. */
  taken = 0;
  delayed = 0;
  /** Attempts whose work has begun. */
  started = 0;
  /** What those that have begun had waited. */
  waitSeconds = 0;
  /** Attempts that had to wait when a replica was on its way, or none was ready; and how long those waited that wait no more. */
  coldWaits = 0;
  coldWaitSeconds = 0;
  coldWaitsOver = 0;
  /** When each attempt in the pool came, NaN for one that is not here. */
  private sentAt = new Float64Array(0);
  private cold = new Uint8Array(0);
  /** Sum of all stays that are over. */
  private pastStays = 0;

  constructor(attempts: Attempts, measurement: Measurement) {
    this.outstanding = new Level(measurement);
    attempts.onResize((capacity) => {
      this.sentAt = resized(this.sentAt, capacity).fill(NaN, this.sentAt.length);
      this.cold = resized(this.cold, capacity);
    });
  }

  /** An attempt has been taken. @param waits whether it finds no room; @param cold whether it does while replicas are on their way */
  begin(attempt: number, now: number, waits: boolean, cold: boolean): void {
    this.outstanding.add(now, 1);
    this.taken++;
    if (waits) this.delayed++;
    this.sentAt[attempt] = now;
    this.cold[attempt] = cold ? 1 : 0;
    if (cold) this.coldWaits++;
  }

  /** Its work begins; returns how long it has waited for that. */
  start(attempt: number, now: number): number {
    const wait = now - this.sentAt[attempt];
    this.started++;
    this.waitSeconds += wait;
    this.endWait(attempt, wait);
    return wait;
  }

  /** It leaves the pool. @param started whether its work had begun */
  end(attempt: number, now: number, started: boolean): void {
    const stay = now - this.sentAt[attempt];
    if (!started) this.endWait(attempt, stay);
    this.outstanding.add(now, -1);
    this.pastStays += stay;
    this.sentAt[attempt] = NaN;
  }

  /**
   * Little's law, both sides counted apart: attempt-seconds as the area under the number in the pool, and as the sum over attempts of their
   * stays up to now, since the start of the run. One that was not counted out leaves its stay when its number is given to another, and one
   * counted out twice has a stay that is no number. O(attempts)
   */
  littlesLaw(now: number): { readonly area: number; readonly stays: number } {
    let stays = this.pastStays;
    for (const sentAt of this.sentAt) if (!Number.isNaN(sentAt)) stays += now - sentAt;
    return { area: this.outstanding.wholeArea(now), stays };
  }

  private endWait(attempt: number, wait: number): void {
    if (this.cold[attempt] === 0) return;
    this.coldWaitsOver++;
    this.coldWaitSeconds += wait;
  }
}
