/** Seconds in an hour and hours in a month as bills count them (design §3.7). */
const hour = 3600;
export const hoursPerMonth = 730;

/** How much replica time a pool used in a span of `seconds`, in replica-seconds. */
export interface ReplicaUse {
  readonly seconds: number;
  /** What was paid for: reserved capacity that was used, and what ran beyond it. */
  readonly reservedSeconds: number;
  readonly onDemandSeconds: number;
  readonly spotSeconds: number;
  /** Time of warm replicas that have a price of their own. */
  readonly warmSeconds: number;
  /** Time in which something ran. */
  readonly busySeconds: number;
  /** Time in each state of the life cycle. */
  readonly stateSeconds: Readonly<Record<string, number>>;
}

/** Dollars per replica and hour. */
export interface ReplicaPrice {
  readonly perReplicaHour: number;
  readonly reserved?: { readonly count: number; readonly perReplicaHour: number } | undefined;
  readonly spot?: { readonly perReplicaHour: number } | undefined;
  /** A warm replica's own price; without it warm replicas are among those reserved, spot or on demand. */
  readonly warmPerReplicaHour?: number | undefined;
  /** States of the life cycle in which a replica is paid for. */
  readonly billedStates: readonly string[];
}

export interface ReplicaMoney {
  readonly usd: number;
  /** Of these, what paid for time in which nothing ran: idle, starting, draining, warm, or reserved and not used. */
  readonly idleUsd: number;
  /** What each purchase type cost; `reserved` whether used or not, `warm` where it has a price of its own. */
  readonly byPurchase: Readonly<Record<"reserved" | "onDemand" | "spot" | "warm", number>>;
  /**
   * What the time in each state cost, at the mean price of what was used; `unused` reserved capacity, and `afterwards`: what a shortest billing
   * period charges for replicas that are gone, and restarts where the price counts from a later state.
   */
  readonly byState: Readonly<Record<string, number>>;
}

/** Reserved replicas are paid for whether used or not, and used first. */
export function replicaMoney(use: ReplicaUse, price: ReplicaPrice): ReplicaMoney {
  const dollars = (seconds: number, perHour = 0): number => (seconds * perHour) / hour;
  const { reserved, spot, warmPerReplicaHour } = price;
  const reservedSeconds = (reserved?.count ?? 0) * use.seconds;
  const byPurchase = {
    reserved: dollars(reservedSeconds, reserved?.perReplicaHour),
    onDemand: dollars(use.onDemandSeconds, price.perReplicaHour),
    spot: dollars(use.spotSeconds, spot?.perReplicaHour),
    warm: dollars(use.warmSeconds, warmPerReplicaHour),
  };
  const unused = dollars(reservedSeconds - use.reservedSeconds, reserved?.perReplicaHour);
  const usd = Object.values(byPurchase).reduce((sum, one) => sum + one, 0);
  const used = usd - byPurchase.warm - unused;
  const usedSeconds = use.reservedSeconds + use.onDemandSeconds + use.spotSeconds;
  const perSecond = usedSeconds === 0 ? 0 : used / usedSeconds;

  const byState: Record<string, number> = {};
  for (const state of price.billedStates) byState[state] = perSecond * (use.stateSeconds[state] ?? 0);
  if (warmPerReplicaHour !== undefined) byState["warm"] = byPurchase.warm;
  const inStates = Object.values(byState).reduce((sum, one) => sum + one, 0);
  const rest = usd - unused - inStates;
  // What only rounding leaves over is nothing.
  const afterwards = rest > 1e-9 * usd ? rest : 0;
  return { usd, idleUsd: usd - Math.min(used, perSecond * use.busySeconds), byPurchase, byState: { ...byState, unused, afterwards } };
}

/** Dollars spent in a span of `seconds`, as dollars per month of 730 hours. */
export function perMonth(usd: number, seconds: number): number {
  return (usd / seconds) * hour * hoursPerMonth;
}
