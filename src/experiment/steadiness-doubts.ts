import { mean, sampleVariance } from "simple-statistics";
import { percent, seconds, thousands } from "../base/format.ts";
import type { PoolResult } from "./pool-result.ts";
import type { Doubt } from "./warnings.ts";
import type { ClassResult, Point } from "./result.ts";

/** Requests beyond a percentile in a replication, without which it is the largest few values and no more; and the fewest of all. */
const fewestBeyond = 5;
const fewestServed = 100;

/** Percentiles of few requests lean to one side in every replication, so that no number of replications mends them. */
export function doubtsAboutFewServed(name: string, { outcomes, objectives, offered }: ClassResult, unit: string): Doubt[] {
  const { mean: count } = outcomes.served;
  const targets = objectives.flatMap(({ kind, target }) => (kind === "latency" && target < 1 ? [target] : []));
  const needed = targets.reduce((most, target) => Math.max(most, fewestBeyond / (1 - target)), fewestServed);
  // Counting has no last digits.
  if (offered.mean === 0 || count >= needed - 1e-6) return [];
  const served = Math.round(count) === 1 ? "1 request" : `${thousands(Math.round(count))} requests`;
  const text = `${name}: ${served} served a ${unit} ${Math.round(count) === 1 ? "is" : "are"} few for its latencies, of which percentiles need ${thousands(Math.ceil(needed - 1e-6))}`;
  return [{ kind: `${name} few served`, text, weight: -count }];
}

/** Busy for all but so little of the time, and so many waiting, that nothing more can be served. */
const idleAtMost = 0.01;
const waitingAtLeast = 0.5;
/** Of the most replicas that there ever were so many are there in the mean, so that none is still to come. */
const allReplicas = 0.95;

export function doubtsAboutSaturation(name: string, { idleShare, waitedShare, ready, peakReplicas }: PoolResult): Doubt[] {
  const waited = waitedShare?.mean ?? 0;
  const atMost = ready.mean >= allReplicas * peakReplicas.mean && peakReplicas.mean > 0;
  if (!atMost || idleShare.mean > idleAtMost || waited < waitingAtLeast) return [];
  const busy = `its replicas were busy ${percent(1 - idleShare.mean, 1)} of the time and ${percent(waited, 0)} of the attempts waited`;
  return [{ kind: `${name} saturated`, text: `${name}: ${busy}: it is saturated, and more traffic is served no faster`, weight: waited }];
}

/** Batch means that depend on each other by more than chance does in one run of a hundred. */
const beyondChance = 2.33;

export function doubtsAboutBatches({ batches }: Point): Doubt[] {
  if (batches === undefined) return [];
  const { count, of, correlation } = batches;
  if (correlation === null || correlation <= beyondChance / Math.sqrt(count)) return [];
  const text = `${count} batches are too short: the means of ${of} of neighbours are correlated by ${correlation.toFixed(2)}, so that intervals are too narrow; take fewer batches, or a longer horizon`;
  return [{ kind: "correlated batches", text, weight: correlation }];
}

/** Windows that tell a trend; of blocks in each half, so many standard errors between them, and so large a rise from first quarter to last. */
const fewestWindows = 32;
const blocks = 8;
const manyErrors = 4;
const leastRise = 1.5;
/** By so much more may come in the last quarter for a rise to be no work of the traffic. */
const sameTraffic = 1.1;

/** Classes whose requests took longer and longer while they were measured, though neither more came nor anything disturbed them. */
export function doubtsAboutTrend({ series, classes }: Point, warmup: number): Doubt[] {
  const first = Math.ceil(warmup / series.window_s - 1e-9);
  return Object.entries(classes).flatMap(([name, { recoveries }]) => {
    const { total_p95_s, offered } = series.classes[name];
    if (recoveries.some(({ to_s }) => to_s > warmup)) return [];
    const seen = total_p95_s.flatMap((total, i) => (total === null || i < first ? [] : [{ total, offered: offered[i] }]));
    const found = rise(
      seen.map(({ total }) => total),
      seen.map((one) => one.offered),
    );
    if (found === undefined) return [];
    const [from, to] = found.map(seconds);
    const text = `${name}: no steady state: its requests took longer and longer while they were measured, in the first quarter p95 ${from}, in the last ${to}`;
    return [{ kind: `${name} trend`, text, weight: found[1] / found[0] }];
  });
}

/** The means of the first and the last quarter where values rise from quarter to quarter, beyond chance and more than traffic does. */
function rise(values: readonly number[], traffic: readonly number[]): [first: number, last: number] | undefined {
  if (values.length < fewestWindows) return undefined;
  const quarters = parts(values, 4);
  const arrivals = parts(traffic, 4);
  if (quarters.some((one, i) => i > 0 && one <= quarters[i - 1])) return undefined;
  if (quarters[3] < leastRise * quarters[0] || arrivals[3] > sameTraffic * arrivals[0]) return undefined;
  const all = parts(values, 2 * blocks);
  const [early, late] = [all.slice(0, blocks), all.slice(blocks)];
  const error = Math.sqrt((sampleVariance(early) + sampleVariance(late)) / blocks);
  return mean(late) - mean(early) > manyErrors * error ? [quarters[0], quarters[3]] : undefined;
}

/** Means of so many parts of equal length, to within one. */
function parts(values: readonly number[], count: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    return mean(values.slice(Math.floor((i * values.length) / count), Math.floor(((i + 1) * values.length) / count)));
  });
}
