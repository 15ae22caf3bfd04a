/** Share of a full bucket that is not worth waiting for, so that who comes back when told to is not refused for a rounding error. */
const rounding = 1e-9;

/** Is refilled continuously up to its capacity, and may be drained continuously at the same time. */
export class Bucket {
  private readonly perSecond: number;
  /** The most that it holds; Infinity when it is unlimited. */
  readonly capacity: number;
  private content: number;
  private filledAt = 0;
  /** What drains it, per second, and from how many sources. */
  private drained = 0;
  private drains = 0;

  /** @param perMinute refill, unlimited when undefined; @param burst seconds of refill that fit in */
  constructor(perMinute: number | undefined, burst: number) {
    this.perSecond = (perMinute ?? Infinity) / 60;
    this.capacity = this.perSecond * burst;
    this.content = this.capacity;
  }

  /** Seconds until the bucket holds so much, if nothing drains it until then. */
  wait(now: number, amount: number): number {
    if (this.capacity === Infinity) return 0;
    this.advance(now);
    if (amount > this.capacity) return Infinity;
    const missing = amount - this.content;
    return missing > rounding * this.capacity ? missing / this.perSecond : 0;
  }

  /** The content may fall below zero. */
  take(now: number, amount: number): void {
    if (this.capacity === Infinity) return;
    this.advance(now);
    this.content -= amount;
  }

  /** Takes what there is of it. */
  takeAvailable(now: number, amount: number): void {
    this.advance(now);
    this.take(now, Math.min(amount, Math.max(0, this.content)));
  }

  /** What does not fit is lost. */
  giveBack(now: number, amount: number): void {
    if (this.capacity === Infinity) return;
    this.advance(now);
    this.content = Math.min(this.capacity, this.content + amount);
  }

  startDrain(now: number, perSecond: number): void {
    this.advance(now);
    this.drains++;
    this.drained += perSecond;
  }

  stopDrain(now: number, perSecond: number): void {
    this.advance(now);
    // Rates that are added and taken away again leave rounding errors, which must not last.
    this.drained = --this.drains === 0 ? 0 : this.drained - perSecond;
  }

  private advance(now: number): void {
    if (this.capacity === Infinity) return;
    this.content = Math.min(this.capacity, this.content + (now - this.filledAt) * (this.perSecond - this.drained));
    this.filledAt = now;
  }
}
