import { median } from "simple-statistics";
import { log } from "../../kernel/elementary.ts";
import { Streams } from "../../kernel/random.ts";
import type { BatchSettings } from "../../serving/replica/continuous-batch.ts";
import { type MeasuredRequest, tpotOf } from "./measurements.ts";
import { replay, type ReplayedRequest } from "./replay.ts";
import type { Target } from "./target.ts";

/**
 * In an overloaded run the TTFT of a request is mostly the wait for those before it, so that hundreds of them say one thing. It counts
 * less than the time per token and the total, which each request spends in other company.
 */
const ttftWeight = 0.3;

/** Requests that follow each other share batches and lines: in so many groups, one after another, errors are taken as alike. */
const clusterCount = 10;

/** The share of a time that a good fit may miss it by: what chance adds to that takes weight away. */
const usualError = 0.03;

/**
 * Which iteration a request happens to catch is chance, and decides whom it meets for the rest of its life. So the requests are replayed
 * this often, their arrivals shifted by up to half an iteration to either side. The mean changes smoothly with the coefficients, where a
 * single replay jumps; the spread says how much of each time is chance.
 */
const shifts = 8;

/** The first `fitted` of the requests, in order of arrival; all of them are simulated. */
export function requestTarget(requests: readonly MeasuredRequest[], fitted: number, base: BatchSettings): Target {
  const scored = requests.slice(0, fitted);
  const measured = logTimes(scored, scored);
  const perToken = scored.map(tpot).filter((value) => !Number.isNaN(value));
  const shifted = shiftedArrivals(requests, perToken.length === 0 ? 0 : median(perToken));
  const replays = (settings: BatchSettings) => shifted.map((arrivals) => logTimes(scored, timesOf(arrivals, settings)));
  const usual = scored.flatMap(({ outputTokens }) => [outputTokens > 1 ? 1 : 0, ttftWeight]);
  const chance = variances(replays(base));
  return {
    residualsAt: (settings) => means(replays(settings)).map((time, i) => time - measured[i]),
    weights: Float64Array.from(usual, (weight, i) => weight / (1 + chance[i] / (usualError * usualError))),
    clusters: Int32Array.from(usual, (_, i) => Math.floor((Math.floor(i / 2) * clusterCount) / fitted)),
  };
}

interface Times {
  readonly ttft: number;
  readonly total: number;
}

/** Logarithms of the time per token (0 where there is one token), the total and the TTFT of each request. */
function logTimes(requests: readonly MeasuredRequest[], times: readonly Times[]): Float64Array {
  const logs = requests.flatMap(({ outputTokens }, i) => {
    const { ttft, total } = times[i];
    return [outputTokens > 1 ? log(total - ttft) : 0, log(ttft)];
  });
  return Float64Array.from(logs);
}

function timesOf(requests: readonly ReplayedRequest[], settings: BatchSettings): Times[] {
  const { ttft, total } = replay(requests, settings);
  return requests.map((_, i) => ({ ttft: ttft[i], total: total[i] }));
}

function shiftedArrivals(requests: readonly ReplayedRequest[], iteration: number): ReplayedRequest[][] {
  return Array.from({ length: shifts }, (_, replication) => {
    const random = new Streams(1, replication).sequence("shifted arrivals");
    const shifted = requests.map(({ arrivedAt, inputTokens, outputTokens }) => {
      return { arrivedAt: arrivedAt + random.uniform() * iteration, inputTokens, outputTokens };
    });
    return shifted;
  });
}

function means(columns: readonly Float64Array[]): Float64Array {
  return columns[0].map((_, i) => columns.reduce((sum, column) => sum + column[i], 0) / columns.length);
}

function variances(columns: readonly Float64Array[]): Float64Array {
  const middle = means(columns);
  return middle.map((mean, i) => columns.reduce((sum, column) => sum + (column[i] - mean) * (column[i] - mean), 0) / (columns.length - 1));
}

function tpot({ outputTokens, ttft, total }: MeasuredRequest): number {
  return tpotOf(outputTokens, ttft, total);
}
