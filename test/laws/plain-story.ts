/** What the examples that are worked out by hand have in common. */
import { everyFailure, type PlainClass, type PlainClient, type PlainLoop, type PlainProvider, type PlainSystem } from "./plain-given.ts";
import type { playPlainly } from "./plain-system.ts";

/** One attempt. */
export const loop: PlainLoop = {
  attempts: 1,
  on: everyFailure,
  backoff: { base: 1, factor: 1, max: 10 },
  retryAfterMax: 60,
  retryAfterBeyond: "backoff",
};

/** @param arrivals of requests of five tokens, answered with one */
export const classOf = (arrivals: readonly number[], client: Partial<PlainClient>, rest: Partial<PlainClass> = {}): PlainClass => ({
  name: "chat",
  priority: "normal",
  requests: arrivals.map((at) => ({ at, input: 5, output: 1 })),
  stages: [],
  chain: { first: ["api"], on: everyFailure },
  client: { retry: loop, degrade: [], ...client },
  ...rest,
});

/** @param ttft in which it answers */
export const api = (ttft: number, rest: Partial<PlainProvider> = {}): PlainProvider => ({
  name: "api",
  kind: "provider",
  ttft,
  tpot: 0,
  fails: false,
  ...rest,
});

/** Outcome, attempts, end since the start, what served it and the rung of each request, and how often a client counted what it counts; back-offs are in the moments. */
export function story(system: Partial<PlainSystem>, play: typeof playPlainly) {
  const { fates, clients } = play({ horizon: 1000, gateways: [], classes: [], targets: [], stores: [], ...system });
  return {
    fates: fates.map(({ outcome, attempts, arrivedAt, total = NaN, servedBy, rung }) =>
      [outcome, attempts, Number((arrivedAt + total).toFixed(6)), servedBy ?? "nobody", rung].join(" "),
    ),
    counts: Object.values(clients).map((meter) =>
      Object.fromEntries(Object.entries(meter).filter(([name, value]) => value > 0 && name !== "backoffSeconds")),
    ),
  };
}

/** Outcome, end, what served it, and what it went without. */
export function ends(system: Partial<PlainSystem>, play: typeof playPlainly): string[] {
  const { fates } = play({ horizon: 1000, gateways: [], classes: [], targets: [], stores: [], ...system });
  return fates.map(({ outcome, arrivedAt, total = NaN, servedBy, lacks }) =>
    [outcome, Number((arrivedAt + total).toFixed(6)), servedBy ?? "nobody", ...lacks].join(" "),
  );
}
