import { log } from "../../kernel/elementary.ts";
import { type LoadProtocol, simulateClosedLoop } from "./closed-loop.ts";
import type { BenchmarkRow } from "./measurements.ts";
import type { Target } from "./target.ts";

/** TTFT is noisier than TPOT, so its error counts half. */
const ttftWeight = 0.25;

/** Lengths are drawn anew for what is reported, so that a fit is not praised for the draws it has seen. */
export const fittedReplication = 0;
export const reportedReplication = 1;

/** Rows of a benchmark, each simulated as a closed loop. */
export function benchmarkTarget(rows: readonly BenchmarkRow[], protocol: LoadProtocol): Target {
  const weights = rows.flatMap(() => [1, ttftWeight]);
  return {
    residualsAt: (settings) =>
      Float64Array.from(
        rows.flatMap((row) => {
          const { tpot, ttft } = simulateClosedLoop(row, settings, fittedReplication, protocol);
          return [log(tpot / row.measured.tpot), log(ttft / row.measured.ttft)];
        }),
      ),
    weights: Float64Array.from(weights),
    clusters: Int32Array.from(weights, (_, i) => Math.floor(i / 2)),
  };
}
