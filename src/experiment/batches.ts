import type { WatchedObjective } from "./result.ts";
import type { Summary } from "./summary.ts";
import type { Scenario } from "../scenario/schema.ts";
import { formatObjective } from "../scenario/slo.ts";

/** The batches that stand in for replications. */
export interface Batches {
  readonly count: number;
  /** What the correlation is of: the watched objective's attainment, or the mean total of the class with most requests. */
  readonly of: string;
  /** Lag-1 autocorrelation of the batch means, −1 to 1; null where they are all equal. */
  readonly correlation: number | null;
}

export function batchesOf(summaries: readonly Summary[], scenario: Scenario, watched: WatchedObjective | undefined): Batches {
  const objective =
    watched === undefined ? -1 : scenario.traffic[watched.className]?.slo.findIndex((one) => formatObjective(one) === watched.text);
  const attained =
    objective === undefined || objective < 0 ? [] : summaries.map(({ classes }) => classes[watched!.className].attained[objective]);
  const correlation = lagOne(attained);
  if (correlation !== null) return { count: summaries.length, of: `${watched!.className} ${watched!.text}`, correlation };
  const offered = (name: string): number => summaries.reduce((sum, { classes }) => sum + classes[name].counts.offered, 0);
  const busiest = Object.keys(scenario.traffic).reduce((a, b) => (offered(b) > offered(a) ? b : a));
  const means = summaries.map(({ classes }) => classes[busiest].total_s.mean).filter((mean) => mean !== null);
  return { count: summaries.length, of: `${busiest} total`, correlation: lagOne(means) };
}

/** Lag-1 autocorrelation of a series; null where it does not vary. */
export function lagOne(values: readonly number[]): number | null {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const off = values.map((value) => value - mean);
  const squares = off.reduce((sum, one) => sum + one * one, 0);
  // Rounding alone is no variation.
  if (!(squares > values.length * mean * mean * 1e-24)) return null;
  return off.slice(1).reduce((sum, one, i) => sum + one * off[i], 0) / squares;
}
