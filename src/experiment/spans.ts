import type { Scenario } from "../scenario/schema.ts";

/** A part of the simulated time, in seconds since the start of the run; its end is not in it. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

type Timing = Pick<Scenario, "warmup" | "horizon" | "batches">;

/** All that is measured. */
export function measuredSpan({ warmup, horizon }: Timing): Span {
  return { from: warmup, to: horizon };
}

/** The equal parts into which the measured time is cut, in order; none unless the scenario asks for them. */
export function batchSpans({ warmup, horizon, batches = 0 }: Timing): Span[] {
  const cut = (i: number): number => (i === batches ? horizon : warmup + (i * (horizon - warmup)) / batches);
  return Array.from({ length: batches }, (_, i) => ({ from: cut(i), to: cut(i + 1) }));
}

/** What is told of a whole run, once for each run: of one that is cut, all batches have the same. */
export function ofRuns<T>(all: readonly T[], { batches }: Pick<Timing, "batches">): readonly T[] {
  return batches === undefined ? all : all.slice(0, 1);
}

/** Seconds that one value of an estimate is measured over: the replication after its warm-up, or a batch of it. */
export function secondsMeasured({ warmup, horizon, batches = 1 }: Timing): number {
  return (horizon - warmup) / batches;
}
