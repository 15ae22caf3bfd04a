/** Seconds in an hour and hours in a month as bills count them (design §3.7). */
const hour = 3600;
export const hoursPerMonth = 730;

/** How much replica time a pool used in a span of `seconds`. */
export interface ReplicaUse {
  readonly seconds: number;
  /** Replica-seconds beyond the reserved ones, from provisioning to the end of draining, warm ones without a price of their own too. */
  readonly onDemandSeconds: number;
  readonly warmSeconds: number;
  /** Replica-seconds in which something ran. */
  readonly busySeconds: number;
}

/** Dollars per replica and hour. */
export interface ReplicaPrice {
  readonly perReplicaHour: number;
  readonly reserved?: { readonly count: number; readonly perReplicaHour: number } | undefined;
  /** A warm replica's own price; without it warm replicas are among those on demand or reserved. */
  readonly warmPerReplicaHour?: number | undefined;
}

export interface ReplicaMoney {
  readonly usd: number;
  /** Of these, what paid for time in which nothing ran: idle, starting, draining, warm, or reserved and not used. */
  readonly idleUsd: number;
}

/** Reserved replicas are paid for whether used or not, and used first; what runs beyond them is on demand. */
export function replicaMoney(use: ReplicaUse, price: ReplicaPrice): ReplicaMoney {
  const reservedSeconds = (price.reserved?.count ?? 0) * use.seconds;
  const serving = (use.onDemandSeconds * price.perReplicaHour + reservedSeconds * (price.reserved?.perReplicaHour ?? 0)) / hour;
  const warm = (use.warmSeconds * (price.warmPerReplicaHour ?? 0)) / hour;
  const paidSeconds = use.onDemandSeconds + reservedSeconds;
  const busy = paidSeconds === 0 ? 0 : serving * Math.min(1, use.busySeconds / paidSeconds);
  return { usd: serving + warm, idleUsd: serving + warm - busy };
}

/** Dollars spent in a span of `seconds`, as dollars per month of 730 hours. */
export function perMonth(usd: number, seconds: number): number {
  return (usd / seconds) * hour * hoursPerMonth;
}
