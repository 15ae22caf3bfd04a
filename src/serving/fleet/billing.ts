import { Level, type Measurement } from "../../kernel/level.ts";
import type { Simulation } from "../../kernel/simulation.ts";
import { billedStates } from "../pool-price.ts";
import type { PoolSettings } from "../pool-settings.ts";
import type { LifecycleState } from "./lifecycle.ts";
import type { Member } from "./member.ts";

const notBilled = -1;

/** How a replica is paid for: by capacity of one's own (reserved, and beyond that on demand), as spot, at the warm pool's price, or on demand after its end. */
const kinds = { own: 0, spot: 1, warm: 2, past: 3 } as const;

/**
 * How many replicas are being paid for, by purchase type. A replica is paid for from the state that the price names, at least for the
 * price's minimum, and until it is gone. Reserved capacity is used first by all that is neither spot nor warm at a price of its own.
 */
export class Billing {
  readonly levels: Readonly<Record<"reserved" | "onDemand" | "spot" | "warm", Level>>;
  private readonly simulation: Simulation;
  private readonly reservedCount: number;
  private readonly minimum: number;
  /** States in which a replica is paid for, other than warm at a price of its own. */
  private readonly billed: readonly LifecycleState[];
  private readonly counts = [0, 0, 0, 0];
  private readonly kindOf: number[] = [];
  private readonly minimumOver: number;
  /** Spot replicas that may still be bought, and replicas of one's own that are not gone, nor warm at a price of their own. */
  private spotLeft: number;
  private owned = 0;
  private readonly holding: boolean[] = [];

  constructor(simulation: Simulation, settings: PoolSettings, measurement: Measurement) {
    const { price } = settings;
    const level = (): Level => new Level(measurement);
    this.levels = { reserved: level(), onDemand: level(), spot: level(), warm: level() };
    this.simulation = simulation;
    this.reservedCount = price?.reserved?.count ?? 0;
    this.spotLeft = price?.spot === undefined ? 0 : (price.spot.count ?? Infinity);
    this.minimum = price?.minimum ?? 0;
    this.billed = billedStates(settings);
    this.minimumOver = simulation.handler((member) => this.change(member, notBilled));
  }

  /** Whether the next replica is bought as spot capacity: when no reserved one is free, and as many as may be. */
  buySpot(): boolean {
    const buy = this.spotLeft > 0 && this.owned >= this.reservedCount;
    if (buy) this.spotLeft--;
    return buy;
  }

  /** A replica has come into another state. */
  entered(member: Member): void {
    const { state, number, spot } = member;
    if (!spot) this.hold(number, state !== "gone" && (state !== "warm" || this.billed.includes("warm")));
    if (state !== "gone") {
      const kind = this.kindIn(state, member);
      if (kind !== notBilled && Number.isNaN(member.billedFrom)) member.billedFrom = this.simulation.now;
      this.change(number, kind);
      return;
    }
    if (spot) this.spotLeft++;
    const until = member.billedFrom + this.minimum;
    const own = this.kindOf[number] === kinds.own;
    // Reserved capacity is paid for anyway; what lay beyond it is on demand until its minimum is over.
    const covered = own && this.counts[kinds.own] <= this.reservedCount;
    if (covered || !(until > this.simulation.now)) {
      this.change(number, notBilled);
      return;
    }
    if (own) this.change(number, kinds.past);
    this.simulation.at(until, this.minimumOver, number);
  }

  /** Counts those of one's own, for which reserved capacity may be used. */
  private hold(member: number, holds: boolean): void {
    if (holds !== (this.holding[member] ?? false)) this.owned += holds ? 1 : -1;
    this.holding[member] = holds;
  }

  /** Once it is paid for, a replica that starts again on its node after a crash is so in every state. */
  private kindIn(state: LifecycleState, { spot, billedFrom }: Member): number {
    const billed = this.billed.includes(state);
    if (state === "warm" && !billed) return kinds.warm;
    if (!billed && Number.isNaN(billedFrom)) return notBilled;
    return spot ? kinds.spot : kinds.own;
  }

  private change(member: number, kind: number): void {
    const { counts, kindOf, levels, simulation, reservedCount } = this;
    const before = kindOf[member] ?? notBilled;
    if (before === kind) return;
    if (before !== notBilled) counts[before]--;
    if (kind !== notBilled) counts[kind]++;
    kindOf[member] = kind;
    levels.reserved.set(simulation.now, Math.min(counts[kinds.own], reservedCount));
    levels.onDemand.set(simulation.now, Math.max(0, counts[kinds.own] - reservedCount) + counts[kinds.past]);
    levels.spot.set(simulation.now, counts[kinds.spot]);
    levels.warm.set(simulation.now, counts[kinds.warm]);
  }
}
