import * as fc from "fast-check";
import type { Billing } from "../../../src/serving/fleet/billing.ts";
import { billedFromStates } from "../../../src/serving/fleet/lifecycle.ts";
import type { Move } from "./fleet-driver.ts";

export const horizon = 400;
export const kinds = ["reserved", "onDemand", "spot", "warm"] as const;
export type Areas = Record<(typeof kinds)[number], number>;

/** A price as a scenario writes it, in numbers. */
export interface Terms {
  readonly reserved: number;
  /** Most spot replicas; undefined without spot, Infinity without a bound. */
  readonly spot: number | undefined;
  readonly minimum: number;
  readonly billedFrom: (typeof billedFromStates)[number];
  readonly warmPriced: boolean;
}

/** Settings of a pool with that price. */
export function priced({ reserved, spot, minimum, billedFrom, warmPriced }: Terms, warmSize = 2) {
  const perReplicaHour = "$1";
  return {
    coldStart: { phases: {}, resume: { paused: { constant: "3s" } } },
    warm: { size: warmSize, ...(warmPriced ? { perReplicaHour } : {}) },
    price: {
      perReplicaHour,
      ...(reserved > 0 ? { reserved: { count: reserved, perReplicaHour } } : {}),
      ...(spot === undefined ? {} : { spot: { perReplicaHour, ...(spot < Infinity ? { count: spot } : {}) } }),
      minimum: `${minimum}s`,
      billedFrom,
    },
  };
}

type Kind = "own" | "spot" | "warm" | "past";

interface Span {
  readonly kind: Kind;
  readonly begin: number;
  readonly end: number;
}

/**
 * How each replica is paid for over time, by the moves alone. What ends before its minimum is paid for until then, but for capacity of one's own
 * that was reserved when it ended: that is paid for anyway.
 */
export function spans(moves: readonly Move[], spot: (member: number) => boolean, terms: Terms): Span[] {
  const { reserved, minimum } = terms;
  const all: Span[] = [];
  /** What is paid for now, by member, since when, and since when at all. */
  const now = new Map<number, { kind: Kind; since: number }>();
  const firstPaid = new Map<number, number>();
  for (const { member, state, at } of moves) {
    const before = now.get(member);
    if (before !== undefined) all.push({ kind: before.kind, begin: before.since, end: at });
    if (state === "gone") {
      const own = [...now.values()].filter(({ kind }) => kind === "own").length;
      const until = (firstPaid.get(member) ?? -Infinity) + minimum;
      const covered = before?.kind === "own" && own <= reserved;
      if (before !== undefined && until > at && !covered) {
        all.push({ kind: before.kind === "own" ? "past" : before.kind, begin: at, end: Math.min(horizon, until) });
      }
      now.delete(member);
      continue;
    }
    const kind = kindIn(state, spot(member), firstPaid.has(member), terms);
    if (kind === undefined) continue;
    if (!firstPaid.has(member)) firstPaid.set(member, at);
    now.set(member, { kind, since: at });
  }
  for (const { kind, since } of now.values()) all.push({ kind, begin: since, end: horizon });
  return all;
}

/** Once a replica is paid for it is in every state. */
function kindIn(state: string, spot: boolean, paid: boolean, { billedFrom, warmPriced }: Terms): Kind | undefined {
  if (warmPriced && state === "warm") return "warm";
  const order: readonly string[] = [...billedFromStates.slice(0, -1), "resuming", "ready", "draining", "warm"];
  if (!paid && order.indexOf(state) < order.indexOf(billedFrom)) return undefined;
  return spot ? "spot" : "own";
}

/** The areas that these make: at each moment as much of one's own as there is counts as reserved, and the rest as on demand. */
export function areas(all: readonly Span[], reserved: number): Areas {
  const sum: Areas = { reserved: 0, onDemand: 0, spot: 0, warm: 0 };
  const cuts = [...new Set([0, horizon, ...all.flatMap(({ begin, end }) => [begin, end])])].sort((a, b) => a - b);
  cuts.slice(0, -1).forEach((cut, i) => {
    const length = cuts[i + 1] - cut;
    const count = (kind: Kind): number => all.filter((span) => span.kind === kind && span.begin <= cut && cut < span.end).length;
    sum.reserved += Math.min(reserved, count("own")) * length;
    sum.onDemand += (Math.max(0, count("own") - reserved) + count("past")) * length;
    sum.spot += count("spot") * length;
    sum.warm += count("warm") * length;
  });
  return sum;
}

export const measured = (billing: Billing): Areas =>
  Object.fromEntries(kinds.map((kind) => [kind, billing.levels[kind].area(horizon)])) as unknown as Areas;
export const total = (sums: Areas): number => kinds.reduce((sum, kind) => sum + sums[kind], 0);

export const terms: fc.Arbitrary<Terms> = fc.record({
  reserved: fc.nat(4),
  spot: fc.option(fc.oneof(fc.constant(Infinity), fc.integer({ min: 1, max: 3 })), { nil: undefined }),
  minimum: fc.oneof(fc.constant(0), fc.nat(120)),
  billedFrom: fc.constantFrom(...billedFromStates),
  warmPriced: fc.boolean(),
});
