/** Hits over look-ups of a cache. */
import type { CacheSeries } from "../../../experiment/cache-result.ts";
import type { Point } from "../../../experiment/result.ts";

/** Most caches that have a line. */
const mostDrawn = 6;
/** A rate is drawn of so many look-ups at least, in the mean, so that its line is no noise; but a run has so many points. */
const fewest = 300;
const leastPoints = 40;
/** A rate that is given moves by chance alone: by less than so many standard errors, and by less than so much. */
const surely = 4;
const visible = 0.02;

export interface CacheLine {
  readonly name: string;
  readonly series: CacheSeries;
}

/** Caches whose rate is an outcome or changes, in order of the scenario; of too many those that are asked most. */
export function cacheLines(point: Point): CacheLine[] {
  const all = Object.entries(point.series.caches)
    .map(([name, series]) => ({ name, series }))
    .filter(({ name, series }) => sum(series.lookups) > 0 && ((point.caches[name]?.entries ?? null) !== null || changes(series)));
  const asked = new Set(all.toSorted((a, b) => sum(b.series.lookups) - sum(a.series.lookups)).slice(0, mostDrawn));
  return all.filter((one) => asked.has(one));
}

function changes(series: CacheSeries): boolean {
  const windows = series.lookups.length;
  const rate = rateBetween(series, 0, windows) ?? 0;
  return Array.from({ length: 10 }).some((_, tenth) => {
    const [from, to] = [tenth, tenth + 1].map((end) => Math.floor((end * windows) / 10));
    const here = rateBetween(series, from, to) ?? rate;
    return Math.abs(here - rate) > Math.max(visible, surely * standardError(rate, sum(series.lookups.slice(from, to))));
  });
}

/** Of the windows from one to before another; null where nothing was looked up in them. */
export function rateBetween({ lookups, hits }: CacheSeries, from: number, to: number): number | null {
  const asked = sum(lookups.slice(from, to));
  return asked === 0 ? null : sum(hits.slice(from, to)) / asked;
}

/** Of every so many windows. */
export function ratesOf(series: CacheSeries, each: number): (number | null)[] {
  return Array.from({ length: Math.ceil(series.lookups.length / each) }, (_, i) => rateBetween(series, i * each, (i + 1) * each));
}

/** How many windows a point of a line is of. */
export function groupingOf(lines: readonly CacheLine[]): number {
  const windows = lines[0].series.lookups.length;
  const perWindow = Math.min(...lines.map(({ series }) => sum(series.lookups) / windows));
  return Math.max(1, Math.min(Math.ceil(fewest / perWindow), Math.ceil(windows / leastPoints)));
}

/** Whether two rates differ by more than chance does. */
export function differ(series: CacheSeries, a: readonly [number, number], b: readonly [number, number]): boolean {
  const [first, second] = [a, b].map(([from, to]) => rateBetween(series, from, to) ?? 0);
  const [asked, askedLater] = [a, b].map(([from, to]) => sum(series.lookups.slice(from, to)));
  const error = Math.sqrt(standardError(first, asked) ** 2 + standardError(second, askedLater) ** 2);
  return Math.abs(first - second) > surely * error;
}

function standardError(rate: number, count: number): number {
  return count === 0 ? 0 : Math.sqrt((rate * (1 - rate)) / count);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
