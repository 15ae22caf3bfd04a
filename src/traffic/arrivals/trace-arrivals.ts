import type { RandomSource } from "../../kernel/random.ts";
import { none } from "../requests.ts";
import type { TraceChains } from "../trace-hashes.ts";
import type { Trace } from "../trace.ts";
import type { Arrivals } from "./arrivals.ts";

/** How far copies of a trace are turned against it, as shares of its length: enough to part the bursts, little against a day. */
const turnShare = { least: 0.002, most: 0.01 };

/**
 * A trace as it was, or a multiple of it. `rateScale` 2.3 lays the trace over itself: once as it was, once more turned by a random
 * few minutes (what is pushed past its end comes in at its start), and a third time turned and thinned to 30 % of its rows.
 * So the daily shape stays and no burst is doubled at the same instant. Below 1 the trace itself is thinned.
 * @param chains what the rows' prompts begin with; every copy is a pass over them
 */
export function traceArrivals(trace: Trace, rateScale: number, random: RandomSource, chains?: TraceChains): Arrivals {
  const copies: TraceCopy[] = [];
  // At least one copy, however small the scale is; after it, a rest that only rounding left over makes none.
  for (let left = rateScale; copies.length === 0 || left > 1e-9; left--) {
    const turn = copies.length === 0 ? 0 : trace.duration * (turnShare.least + (turnShare.most - turnShare.least) * random.uniform());
    copies.push(new TraceCopy(trace, turn, Math.min(1, left), random, chains?.pass()));
  }
  return {
    time: 0,
    inputTokens: 0,
    outputTokens: 0,
    prefix: none,
    advance() {
      let first = copies[0];
      for (const copy of copies) if (copy.time < first.time) first = copy;
      if (first.time === Infinity) return false;
      this.time = first.time;
      this.inputTokens = trace.inputTokens[first.row]!;
      this.outputTokens = trace.outputTokens[first.row]!;
      this.prefix = first.chainOf?.(first.row) ?? none;
      first.advance();
      return true;
    },
  };
}

/** One pass over the rows, turned and thinned; `time` is Infinity after the last. */
class TraceCopy {
  time = 0;
  row: number;
  readonly chainOf: ((row: number) => number) | undefined;
  private left: number;
  /** The first row that the turn pushes past the end, so the first to come. */
  private readonly wrapped: number;
  private readonly trace: Trace;
  private readonly turn: number;
  private readonly kept: number;
  private readonly random: RandomSource;

  constructor(trace: Trace, turn: number, kept: number, random: RandomSource, chainOf: ((row: number) => number) | undefined) {
    this.trace = trace;
    this.turn = turn;
    this.kept = kept;
    this.random = random;
    this.chainOf = chainOf;
    this.left = trace.count;
    this.wrapped = turn === 0 ? trace.count : firstFrom(trace.time, trace.duration - turn);
    this.row = this.wrapped === trace.count ? -1 : this.wrapped - 1;
    this.advance();
  }

  advance(): void {
    const { trace, turn } = this;
    do {
      if (this.left-- === 0) {
        this.time = Infinity;
        return;
      }
      if (++this.row === trace.count) this.row = 0;
    } while (this.kept < 1 && this.random.uniform() >= this.kept);
    // By row, not by time: a rounding error must not send a row to the wrong end.
    const turned = trace.time[this.row] + turn;
    this.time = this.row < this.wrapped ? turned : Math.max(0, turned - trace.duration);
  }
}

/** Index of the first of the ascending times that is not before `moment`. */
function firstFrom(times: Float64Array, moment: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] < moment) low = middle + 1;
    else high = middle;
  }
  return low;
}
