import type { BatchSettings } from "../../src/serving/replica/continuous-batch.ts";
import type { ClosedLoopRow } from "./closed-loop-rows.ts";
import { type ClosedLoopTimes, simulateClosedLoop } from "../../src/experiment/calibration/closed-loop.ts";

export { fittedReplication, reportedReplication } from "../../src/experiment/calibration/benchmark-target.ts";

/** One row beside its simulation; errors are relative, positive where the simulation is slower. */
export interface Comparison {
  readonly row: ClosedLoopRow;
  readonly simulated: ClosedLoopTimes & { readonly preemptions: number };
  readonly error: ClosedLoopTimes;
}

export function compareRow(row: ClosedLoopRow, settings: BatchSettings, replication: number): Comparison {
  const simulated = simulateClosedLoop(row, settings, replication);
  const error = { tpot: simulated.tpot / row.measured.tpot - 1, ttft: simulated.ttft / row.measured.ttft - 1 };
  return { row, simulated, error };
}

export function medianError(comparisons: readonly Comparison[], of: keyof ClosedLoopTimes): number {
  const sizes = comparisons.map(({ error }) => Math.abs(error[of])).sort((a, b) => a - b);
  return sizes[Math.floor(sizes.length / 2)];
}

export function worstError(comparisons: readonly Comparison[], of: keyof ClosedLoopTimes): number {
  return Math.max(...comparisons.map(({ error }) => Math.abs(error[of])));
}

/** How a profile states its error: `TPOT median 0.8 %, worst 4.5 %; TTFT median 1.2 %, worst 21.4 %`. */
export function errorSentence(comparisons: readonly Comparison[]): string {
  const part = (of: keyof ClosedLoopTimes) =>
    `median ${percent(medianError(comparisons, of))}, worst ${percent(worstError(comparisons, of))}`;
  return `TPOT ${part("tpot")}; TTFT ${part("ttft")}`;
}

/** The rows as a Markdown table, in milliseconds. */
export function comparisonTable(comparisons: readonly Comparison[]): string {
  const ms = (seconds: number) => (seconds * 1000).toFixed(1);
  const lines = comparisons.map(({ row, simulated, error }) => {
    const { concurrency, inputTokens, outputTokens, measured } = row;
    const tpot = [ms(measured.tpot), ms(simulated.tpot), signed(error.tpot)];
    const ttft = [ms(measured.ttft), ms(simulated.ttft), signed(error.ttft)];
    return `| ${[inputTokens, outputTokens, concurrency, ...tpot, ...ttft, simulated.preemptions].join(" | ")} |`;
  });
  return [
    "| input | output | clients | TPOT measured | simulated | error | TTFT measured | simulated | error | preemptions |",
    "|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ...lines,
  ].join("\n");
}

export function signed(share: number): string {
  return `${share < 0 ? "−" : "+"}${percent(Math.abs(share))}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
