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

type Kind = "own" | "spot" | "warm";

/** How each replica is paid for over time, by its moves alone: as long as it is, and not whom else there is. */
export function spans(moves: readonly Move[], spot: (member: number) => boolean, { minimum, billedFrom, warmPriced }: Terms) {
  const order: readonly string[] = [...billedFromStates.slice(0, -1), "resuming", "ready", "draining", "warm"];
  const from = billedFrom === "ready" ? "resuming" : billedFrom;
  const all: { kind: Kind; begin: number; end: number }[] = [];
  for (const member of new Set(moves.map((move) => move.member))) {
    const own = moves.filter((move) => move.member === member);
    const inWarmPool = (state: string): boolean => warmPriced && state === "warm";
    const first = own.findIndex(({ state }) => inWarmPool(state) || order.indexOf(state) >= order.indexOf(from));
    if (first < 0) continue;
    const gone = own.find(({ state }) => state === "gone");
    const end = gone === undefined ? horizon : Math.min(horizon, Math.max(gone.at, own[first].at + minimum));
    const paid = own.slice(first).filter(({ state }) => state !== "gone");
    paid.forEach(({ state, at }, i) => {
      const kind = inWarmPool(state) ? "warm" : spot(member) ? "spot" : "own";
      all.push({ kind, begin: at, end: paid[i + 1]?.at ?? end });
    });
  }
  return all;
}

/** The areas that these make: at each moment as much of one's own as there is counts as reserved, and the rest as on demand. */
export function areas(all: ReturnType<typeof spans>, reserved: number): Areas {
  const sum: Areas = { reserved: 0, onDemand: 0, spot: 0, warm: 0 };
  const cuts = [...new Set([0, horizon, ...all.flatMap(({ begin, end }) => [begin, end])])].sort((a, b) => a - b);
  cuts.slice(0, -1).forEach((cut, i) => {
    const length = cuts[i + 1] - cut;
    const count = (kind: Kind): number => all.filter((span) => span.kind === kind && span.begin <= cut && cut < span.end).length;
    sum.reserved += Math.min(reserved, count("own")) * length;
    sum.onDemand += Math.max(0, count("own") - reserved) * length;
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
