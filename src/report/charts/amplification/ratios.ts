/** Attempts over requests. */
import { thousands } from "../../../base/format.ts";
import type { RecoveryResult } from "../../../experiment/recovery-result.ts";
import type { ClassSeries } from "../../../experiment/result.ts";

/** A ratio is drawn of so many requests at least, in the mean, so that its line is no noise. */
const fewest = 30;

export interface Line {
  /** The system's, or the class's where there is one system. */
  readonly name: string;
  readonly className: string;
  readonly series: ClassSeries;
  readonly recoveries: readonly RecoveryResult[];
}

/** Of the windows from one to before another; null where nothing arrived in them. */
export function ratioBetween({ attempts, offered }: ClassSeries, from: number, to: number): number | null {
  const requests = sum(offered.slice(from, to));
  return requests === 0 ? null : sum(attempts.slice(from, to)) / requests;
}

/** Of every so many windows. */
export function ratiosOf(series: ClassSeries, each: number): (number | null)[] {
  return Array.from({ length: Math.ceil(series.offered.length / each) }, (_, i) => ratioBetween(series, i * each, (i + 1) * each));
}

/** How many windows a point of a line is of: enough that all lines have their fewest requests in it. */
export function grouping(lines: readonly Line[]): number {
  const perWindow = Math.min(...lines.map(({ series: { offered } }) => sum(offered) / offered.length));
  const windows = lines[0].series.offered.length;
  return perWindow === 0 ? 1 : Math.min(Math.ceil(fewest / perWindow), Math.ceil(windows / 10));
}

/** Two decimals where these tell one attempt from a few more than one. */
export function ratioText(ratio: number | null): string {
  return ratio === null ? "no" : thousands(ratio, ratio < 1.95 ? 2 : 1);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
