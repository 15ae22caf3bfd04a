import type { KeyedRandom, RandomSource } from "../../kernel/random.ts";
import { none } from "../requests.ts";
import type { TraceChains } from "../trace-hashes.ts";
import type { Trace } from "../trace.ts";
import type { Arrivals } from "./arrivals.ts";
import { firstFrom } from "./first-from.ts";
import { RateCurve } from "./rate-curve.ts";
import type { Spike } from "./spikes.ts";

/** How far copies of a trace are turned against it, as shares of its length: enough to part the bursts, little against a day. */
const turnShare = { least: 0.002, most: 0.01 };

/** What spikes do to a trace: copies of it beyond those of `rateScale` are there only while they are needed. */
export interface TraceSpikes {
  readonly list: readonly Spike[];
  readonly horizon: number;
  /** Turns by copy and decides by row, so that one spike more moves nothing else. */
  readonly random: KeyedRandom;
}

/**
 * A trace as it was, or a multiple of it. `rateScale` 2.3 lays the trace over itself: once as it was, once more turned by a random
 * few minutes (what is pushed past its end comes in at its start), and a third time turned and thinned to 30 % of its rows.
 * So the daily shape stays and no burst is doubled at the same instant. Below 1 the trace itself is thinned. While a spike lasts,
 * the scale is as many times larger.
 * @param chains what the rows' prompts begin with; every copy is a pass over them
 */
export function traceArrivals(trace: Trace, rateScale: number, random: RandomSource, chains?: TraceChains, spikes?: TraceSpikes): Arrivals {
  const copies: TraceCopy[] = [];
  const add = (turning: RandomSource, keep: Keep): void => {
    const turn = copies.length === 0 ? 0 : trace.duration * (turnShare.least + (turnShare.most - turnShare.least) * turning.uniform());
    copies.push(new TraceCopy(trace, turn, keep, chains?.pass()));
  };
  // At least one copy, however small the scale is; after it, a rest that only rounding left over makes none.
  for (let left = rateScale; copies.length === 0 || left > 1e-9; left--) {
    const thin = left < 1 ? random : undefined;
    add(random, spikes === undefined ? thinned(left, thin) : keptInSpikes(spikes, rateScale, copies.length, thin));
  }
  if (spikes !== undefined) {
    const highest = rateScale * Math.max(...spikes.list.map(({ factor }) => factor));
    for (let copy = copies.length; highest - copy > 1e-9; copy++) {
      add(spikes.random.of(0, 1, copy), keptInSpikes(spikes, rateScale, copy, undefined));
    }
  }
  return {
    time: 0,
    inputTokens: 0,
    outputTokens: 0,
    prefix: none,
    row: none,
    advance() {
      let first = copies[0];
      for (const copy of copies) if (copy.time < first.time) first = copy;
      if (first.time === Infinity) return false;
      this.time = first.time;
      this.inputTokens = trace.inputTokens[first.row]!;
      this.outputTokens = trace.outputTokens[first.row]!;
      this.row = first.row;
      this.prefix = first.chainOf?.(first.row) ?? none;
      first.advance();
      return true;
    },
  };
}

/** Whether a copy has a row, asked once for each in order of time; the time is the turned one. */
type Keep = (row: number, time: number) => boolean;

function thinned(share: number, random: RandomSource | undefined): Keep {
  return random === undefined ? () => true : () => random.uniform() < share;
}

/**
 * A copy has the share of the rows by which the scale of the moment is above the copies before it.
 * @param thin draws for every row of the copy that is thinned outside spikes too, so that these do not shift its draws
 */
function keptInSpikes({ list, horizon, random }: TraceSpikes, rateScale: number, copy: number, thin: RandomSource | undefined): Keep {
  const curve = new RateCurve({ spikes: list }, horizon);
  return (row, time) => {
    const share = rateScale * curve.at(time) - copy;
    if (thin !== undefined) return thin.uniform() < share;
    return share >= 1 || (share > 0 && random.of(row).uniform() < share);
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
  private readonly keep: Keep;

  constructor(trace: Trace, turn: number, keep: Keep, chainOf: ((row: number) => number) | undefined) {
    this.trace = trace;
    this.turn = turn;
    this.keep = keep;
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
      // By row, not by time: a rounding error must not send a row to the wrong end.
      const turned = trace.time[this.row] + turn;
      this.time = this.row < this.wrapped ? turned : Math.max(0, turned - trace.duration);
    } while (!this.keep(this.row, this.time));
  }
}
