/** Which stages of a class are drawn, and the troubles of the vector stores behind them. */
import type { ClassSeries, Point } from "../../../experiment/result.ts";
import type { VectorStoreSeries } from "../../../experiment/retrieval-result.ts";

/** Most classes that have a panel, and most stages that have a line in it. */
const mostClasses = 4;
const mostLines = 6;

export interface StageLine {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

export interface StageSpan {
  readonly store: string;
  readonly trouble: VectorStoreSeries["troubles"][number]["trouble"];
  readonly from_s: number;
  readonly to_s: number;
}

/** A class with stages that requests came to. */
export interface Staged {
  readonly name: string;
  readonly series: ClassSeries;
  /** In order of the path; of too many those that take longest. */
  readonly lines: readonly StageLine[];
  /** Stages that requests came to, drawn or not. */
  readonly all: number;
  readonly spans: readonly StageSpan[];
}

/** In order of the scenario; of too many those with most requests. */
export function stagedClasses(point: Point): Staged[] {
  const all = Object.entries(point.series.classes).flatMap(([name, series]) => {
    const lines = Object.entries(series.stages)
      .map(([stage, values]) => ({ name: stage, values }))
      .filter(({ values }) => values.some((value) => value !== null && value > 0));
    // Where nothing but answers that are kept stands before the targets, its look-ups are no story.
    const cachesOnly = Object.keys(point.series.vectorStores).length === 0 && lines.every(({ name: stage }) => stage in point.caches);
    if (lines.length === 0 || cachesOnly) return [];
    const slowest = new Set(lines.toSorted((a, b) => meanOf(series, b) - meanOf(series, a)).slice(0, mostLines));
    return [{ name, series, lines: lines.filter((line) => slowest.has(line)), all: lines.length, spans: spansBehind(point, series) }];
  });
  const busiest = new Set(all.toSorted((a, b) => sum(b.series.offered) - sum(a.series.offered)).slice(0, mostClasses));
  return all.filter((one) => busiest.has(one));
}

/** Of the stores that are stages of the class, and of those that are no class's: caches read these. */
function spansBehind({ series: { classes, vectorStores } }: Point, own: ClassSeries): StageSpan[] {
  return Object.entries(vectorStores).flatMap(([store, { troubles }]) => {
    const behind = store in own.stages || !Object.values(classes).some(({ stages }) => store in stages);
    return behind ? troubles.map((one) => ({ store, ...one })) : [];
  });
}

function meanOf({ offered }: ClassSeries, { values }: StageLine): number {
  return weightedMean(
    values,
    offered,
    values.map((_, i) => i),
  );
}

/** Mean of the values of some windows, each as heavy as there were arrivals in it; NaN of none. */
export function weightedMean(values: readonly (number | null)[], weights: readonly number[], windows: readonly number[]): number {
  const known = windows.filter((i) => values[i] !== null);
  const weight = known.reduce((total, i) => total + weights[i], 0);
  return known.reduce((total, i) => total + weights[i] * values[i]!, 0) / weight;
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
