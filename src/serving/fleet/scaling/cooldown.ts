/**
 * Time after a change of the pool in which no decision changes it. A decision counts as a change when the number of replicas went its
 * way by the next one: one that the pool's minimum or maximum stopped does not hold back those that follow.
 */
export class Cooldown {
  private readonly seconds: number;
  private changedAt = -Infinity;
  private decidedAt = -Infinity;
  /** Replicas that there were at the last decision, and how many more it asked for. */
  private before = 0;
  private asked = 0;

  constructor(seconds: number) {
    this.seconds = seconds;
  }

  /** Whether what was decided last, or earlier, still forbids a change to `active` replicas. */
  holds(active: number, now: number): boolean {
    if ((active - this.before) * this.asked > 0) this.changedAt = this.decidedAt;
    return now - this.changedAt < this.seconds;
  }

  decided(replicas: number, active: number, now: number): void {
    this.decidedAt = now;
    this.before = active;
    this.asked = replicas - active;
  }
}
