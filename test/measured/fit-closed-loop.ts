/**
 * Fits the profiles of models/engines/llama-3.1-70b.yaml to the measured closed loops and prints their numbers and errors:
 * `npx tsx test/measured/fit-closed-loop.ts`, about two minutes. The same every time.
 */
import { mapValues } from "../../src/base/records.ts";
import type { BatchSettings } from "../../src/serving/replica/continuous-batch.ts";
import type { StepTimeSettings } from "../../src/serving/replica/step-time.ts";
import { simulateClosedLoop } from "../../src/experiment/calibration/closed-loop.ts";
import { noTime } from "../serving/replica/coefficients.ts";
import { compareRow, comparisonTable, errorSentence, fittedReplication, reportedReplication } from "./closed-loop-errors.ts";
import { type ClosedLoopRow, llama70bRows } from "./closed-loop-rows.ts";
import { nelderMead } from "./nelder-mead.ts";

/** Llama-3.1-70B: bytes and FLOPs of one token or of one iteration, over all GPUs. */
const weightBytesRead = 70.6e9;
const weightBytesHeld = 72.7e9;
const kvBytesPerToken = 80 * 8 * 128 * 2 * 2;
const flopsPerToken = 2 * 70.6e9;
const flopsPerPair = 4 * 80 * 8192;

/** H100 SXM, and the shares of its peaks that a fit may not exceed: kernels measured elsewhere do not get closer. */
const bandwidth = 3.35e12;
const fp8Flops = 1979e12;
const bf16Flops = 989e12;
const weightBandwidth = 0.8 * bandwidth;
const kvBandwidth = 0.9 * bandwidth;
const flopsShare = 0.75;

/** 80 GB as the driver counts them, of which vLLM takes 0.9; activations and the runtime need some. */
const memoryBytes = 85.52e9 * 0.9 - 2.5e9;
const blockSize = 16;

/** TTFT is noisier than TPOT, so it counts half. */
const ttftWeight = 0.5;

function settingsOf(stepTime: StepTimeSettings, gpus: number): BatchSettings {
  const kvBlocks = Math.floor((memoryBytes * gpus - weightBytesHeld) / (kvBytesPerToken * blockSize));
  return { stepTime, maxSequences: 256, maxBatchedTokens: 8192, kvBlocks, blockSize, chunkedPrefill: true };
}

/** Coefficients at a point of the search, which knows no bounds: denseBase stays below its floor, the others above theirs. */
function stepTimeAt(point: readonly number[], gpus: number): StepTimeSettings {
  const [overhead, base, token, sequence, kvToken, pair] = point as [number, number, number, number, number, number];
  const above = (bound: number, value: number) => (bound / gpus) * (1 + Math.exp(value));
  const denseFloor = weightBytesRead / gpus / weightBandwidth;
  return {
    ...noTime,
    overhead: 0.001 * Math.exp(overhead),
    denseFloor,
    denseBase: denseFloor / (1 + Math.exp(-base)),
    densePerToken: above(flopsPerToken / (flopsShare * fp8Flops), token),
    perSequence: 0.00001 * Math.exp(sequence),
    perKvToken: above(kvBytesPerToken / kvBandwidth, kvToken),
    perPrefillPair: above(flopsPerPair / (flopsShare * bf16Flops), pair),
  };
}

/** The sum of absolute errors of log TPOT and log TTFT: a row that is off for a reason of its own does not bend the rest. */
function cost(rows: readonly ClosedLoopRow[], settings: BatchSettings): number {
  return rows.reduce((sum, row) => {
    const { tpot, ttft } = simulateClosedLoop(row, settings, fittedReplication);
    return sum + Math.abs(Math.log(tpot / row.measured.tpot)) + ttftWeight * Math.abs(Math.log(ttft / row.measured.ttft));
  }, 0);
}

function fit(rows: readonly ClosedLoopRow[], gpus: number): BatchSettings {
  let point = [1, 0, 0, 1, -1, 0];
  const costAt = (candidate: readonly number[]) => cost(rows, settingsOf(stepTimeAt(candidate, gpus), gpus));
  // A simplex that has collapsed is opened again where it stands.
  for (let restart = 0; restart < 3; restart++) point = nelderMead(costAt, point, 0.5, 120);
  return settingsOf(rounded(stepTimeAt(point, gpus)), gpus);
}

function rounded(stepTime: StepTimeSettings): StepTimeSettings {
  const { dense: _, ...numbers } = stepTime;
  return { ...stepTime, ...mapValues(numbers, (value) => Number(value.toPrecision(4))) };
}

/** Errors of rows that were not fitted to, each group in turn. */
function leaveOneOut(rows: readonly ClosedLoopRow[], gpus: number, group: (row: ClosedLoopRow) => string): string {
  const held = [...new Set(rows.map(group))].flatMap((name) => {
    const settings = fit(
      rows.filter((row) => group(row) !== name),
      gpus,
    );
    return rows.filter((row) => group(row) === name).map((row) => compareRow(row, settings, reportedReplication));
  });
  return errorSentence(held);
}

for (const gpus of [2, 4, 8]) {
  const rows = llama70bRows(gpus);
  const settings = fit(rows, gpus);
  const comparisons = rows.map((row) => compareRow(row, settings, reportedReplication));
  console.log(`\nllama-3.1-70b-fp8/h100/tp${gpus}\n${JSON.stringify(settings)}\n${comparisonTable(comparisons)}`);
  console.log(`all rows: ${errorSentence(comparisons)}`);
  console.log(`one concurrency left out in turn: ${leaveOneOut(rows, gpus, ({ concurrency }) => `${concurrency}`)}`);
  console.log(`one pair of lengths left out in turn: ${leaveOneOut(rows, gpus, (row) => `${row.inputTokens}/${row.outputTokens}`)}`);
}
