import type { ReplicasView } from "./router.ts";

/**
 * The replicas as a router knows them that looks at them from time to time: a copy, made when it is asked for something and the one
 * it has is `staleness` seconds old. In between everybody sees the copy; what has been sent since then is not counted in. When replicas
 * have come or gone it looks at once, since positions no longer mean the same replicas.
 */
export class StaleView implements ReplicasView {
  private readonly fresh: ReplicasView;
  private readonly clock: { readonly now: number };
  private readonly staleness: number;
  private readonly membership: () => number;
  /** When the copy is too old, in seconds. */
  private validUntil = -Infinity;
  private version = 0;
  private copied = 0;
  private least = 0;
  private loads = new Int32Array(16);
  private kvUses = new Float64Array(16);
  private numbers = new Int32Array(16);

  /**
   * @param staleness seconds; with 0 it looks whenever it is asked, and the fresh view itself is cheaper
   * @param membership goes up with every change of the ready replicas
   */
  constructor(fresh: ReplicasView, clock: { readonly now: number }, staleness: number, membership: () => number) {
    this.fresh = fresh;
    this.clock = clock;
    this.staleness = staleness;
    this.membership = membership;
  }

  get count(): number {
    this.refresh();
    return this.copied;
  }

  outstanding(index: number): number {
    this.refresh();
    return this.loads[index];
  }

  leastOutstanding(): number {
    this.refresh();
    return this.least;
  }

  kvUse(index: number): number {
    this.refresh();
    return this.kvUses[index];
  }

  number(index: number): number {
    this.refresh();
    return this.numbers[index];
  }

  private refresh(): void {
    if (this.clock.now >= this.validUntil || this.membership() !== this.version) this.look();
  }

  private look(): void {
    const { fresh } = this;
    const { count } = fresh;
    if (count > this.loads.length) this.widen(count);
    for (let i = 0; i < count; i++) {
      this.loads[i] = fresh.outstanding(i);
      this.kvUses[i] = fresh.kvUse(i);
      this.numbers[i] = fresh.number(i);
    }
    this.copied = count;
    this.least = fresh.leastOutstanding();
    this.version = this.membership();
    this.validUntil = this.clock.now + this.staleness;
  }

  private widen(count: number): void {
    this.loads = new Int32Array(2 * count);
    this.kvUses = new Float64Array(2 * count);
    this.numbers = new Int32Array(2 * count);
  }
}
