/** What a chart of hit rates shows, in a sentence. */
import { percent, seconds } from "../../../base/format.ts";
import { type CacheLine, differ, groupingOf, rateBetween } from "./rates.ts";

/** Most caches told of. */
const mostTold = 2;
/** Of its final hit rate a cache is said to have reached this share where it stays over a span of so much of the run, in the mean. */
const reached = 0.9;
const span = 1 / 40;
/** A rate that is so many times that of the eighth of the run before has not settled. */
const moving = 1.1;
/** Final hits that carry a claim. */
const enough = 100;

/** How long each cache takes from the start to nine tenths of the hit rate of its last quarter, or that it still moves then. */
export function finding(lines: readonly CacheLine[], window_s: number): string {
  const each = groupingOf(lines);
  return lines
    .slice(0, mostTold)
    .map((line) => sentence(line, each, window_s))
    .join("; ");
}

function sentence({ name, series }: CacheLine, each: number, window_s: number): string {
  const windows = series.lookups.length;
  const [quarter, eighth] = [0.75, 0.875].map((share) => Math.floor(share * windows));
  const final = rateBetween(series, quarter, windows) ?? 0;
  const told = `${name} has a hit rate of ${percent(final, 1)} in the last quarter of the run`;
  if (series.hits.slice(quarter).reduce((a, b) => a + b, 0) < enough) return told;
  if (differ(series, [quarter, eighth], [eighth, windows])) {
    const [before, after] = [rateBetween(series, quarter, eighth)!, rateBetween(series, eighth, windows)!];
    const from = `from ${percent(before, 1)} to ${percent(after, 1)} between the last two eighths of the run`;
    if (after > moving * before) return `the hit rate of ${name} still rises at the end, ${from}`;
    if (before > moving * after) return `the hit rate of ${name} falls at the end, ${from}`;
  }
  const long = Math.max(each, Math.ceil(span * windows));
  if (!differ(series, [0, long], [quarter, windows])) return told;
  for (let from = each; from + long <= quarter; from += each) {
    const both = [rateBetween(series, from, from + each), rateBetween(series, from, from + long)];
    if (both.some((rate) => (rate ?? 0) < reached * final)) continue;
    return `${name} reaches 90 % of its final hit rate of ${percent(final, 1)} after ${seconds(from * window_s)}`;
  }
  return told;
}
