import { mean, median } from "simple-statistics";
import type { BatchSettings } from "../../serving/replica/continuous-batch.ts";
import { reportedReplication } from "./benchmark-target.ts";
import { type LoadProtocol, simulateClosedLoop } from "./closed-loop.ts";
import { type BenchmarkRow, type MeasuredRequest, tpotOf } from "./measurements.ts";
import { replay } from "./replay.ts";

/** One kind of time over some requests or rows, in seconds. */
export interface TimeErrors {
  readonly measured: number;
  readonly simulated: number;
  /** Of the means: simulated over measured, less 1. */
  readonly ofMean: number;
  /** Median of the absolute relative errors of one by one. */
  readonly median: number;
  readonly worst: number;
}

export interface Errors {
  readonly count: number;
  readonly ttft: TimeErrors;
  readonly tpot: TimeErrors;
  /** Absent for rows of a benchmark, which do not say it. */
  readonly total?: TimeErrors;
}

/** A time that was measured, and the same one simulated; NaN where there is none. */
interface Pair {
  readonly measured: number;
  readonly simulated: number;
}

export interface TimePairs {
  readonly ttft: Pair;
  readonly tpot: Pair;
  readonly total?: Pair;
}

/** The requests of a run beside their replay on an engine. */
export function requestPairs(requests: readonly MeasuredRequest[], engine: BatchSettings): Required<TimePairs>[] {
  const simulated = replay(requests, engine);
  return requests.map(({ outputTokens, ttft, total }, i) => ({
    ttft: { measured: ttft, simulated: simulated.ttft[i] },
    tpot: { measured: tpotOf(outputTokens, ttft, total), simulated: tpotOf(outputTokens, simulated.ttft[i], simulated.total[i]) },
    total: { measured: total, simulated: simulated.total[i] },
  }));
}

/** Rows of a benchmark beside closed loops on an engine, with lengths that no fit has seen. */
export function rowPairs(rows: readonly BenchmarkRow[], engine: BatchSettings, protocol: LoadProtocol): TimePairs[] {
  return rows.map((row) => {
    const { ttft, tpot } = simulateClosedLoop(row, engine, reportedReplication, protocol);
    return { ttft: { measured: row.measured.ttft, simulated: ttft }, tpot: { measured: row.measured.tpot, simulated: tpot } };
  });
}

export function errorsOf(pairs: readonly TimePairs[]): Errors {
  const totals = pairs.flatMap(({ total }) => (total === undefined ? [] : [total]));
  return {
    count: pairs.length,
    ttft: timeErrors(pairs.map(({ ttft }) => ttft)),
    tpot: timeErrors(pairs.map(({ tpot }) => tpot)),
    ...(totals.length === 0 ? {} : { total: timeErrors(totals) }),
  };
}

function timeErrors(pairs: readonly Pair[]): TimeErrors {
  const known = pairs.filter(({ measured }) => !Number.isNaN(measured));
  if (known.length === 0) return { measured: NaN, simulated: NaN, ofMean: NaN, median: NaN, worst: NaN };
  const sizes = known.map((pair) => Math.abs(pair.simulated / pair.measured - 1));
  const [measured, simulated] = [mean(known.map((pair) => pair.measured)), mean(known.map((pair) => pair.simulated))];
  return { measured, simulated, ofMean: simulated / measured - 1, median: median(sizes), worst: Math.max(...sizes) };
}
