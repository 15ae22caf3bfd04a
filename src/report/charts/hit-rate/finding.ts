/** What a chart of hit rates shows, in a sentence. */
import { percent, seconds } from "../../../base/format.ts";
import { type CacheLine, differ, groupingOf, rateBetween } from "./rates.ts";

/** Most caches told of. */
const mostTold = 2;
/** Of its final hit rate a cache is said to have reached this share, over a span of so much of the run. */
const reached = 0.9;
const span = 1 / 40;
/** A final rate that is so many times the quarter's before it is not final. */
const rising = 1.1;

/** How long each cache takes from the start to nine tenths of the hit rate of its last quarter, or that it still rises or falls then. */
export function finding(lines: readonly CacheLine[], window_s: number): string {
  const each = groupingOf(lines);
  return lines
    .slice(0, mostTold)
    .map((line) => sentence(line, each, window_s))
    .join("; ");
}

function sentence({ name, series }: CacheLine, each: number, window_s: number): string {
  const windows = series.lookups.length;
  const [half, quarter] = [0.5, 0.75].map((share) => Math.floor(share * windows));
  const final = rateBetween(series, quarter, windows);
  const before = rateBetween(series, half, quarter);
  if (final === null || before === null || final === 0) return `${name} finds ${percent(rateBetween(series, 0, windows) ?? 0, 1)}`;
  if (differ(series, [half, quarter], [quarter, windows])) {
    const from = `from ${percent(before, 1)} to ${percent(final, 1)} between the last two quarters`;
    if (final > rising * before) return `the hit rate of ${name} still rises at the end, ${from}`;
    if (before > rising * final) return `the hit rate of ${name} falls at the end, ${from}`;
  }
  const long = Math.max(each, Math.ceil(span * windows));
  for (let from = 0; from + long <= quarter; from += each) {
    if ((rateBetween(series, from, from + long) ?? 0) < reached * final) continue;
    if (from === 0) break;
    return `${name} reaches 90 % of its final hit rate of ${percent(final, 1)} after ${seconds(from * window_s)}`;
  }
  return `${name} has a hit rate of ${percent(final, 1)} in the last quarter of the run`;
}
