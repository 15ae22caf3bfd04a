/** What a chart of attempts per request shows, in a sentence. */
import { moment, seconds } from "../../../base/format.ts";
import type { RecoveryResult } from "../../../experiment/recovery-result.ts";
import type { Result } from "../../../experiment/result.ts";
import { focus } from "../../plans.ts";
import { grouping, type Line, ratioBetween, ratiosOf, ratioText } from "./ratios.ts";

/** Up to so many times what was sent before a disturbance, its overload has passed. */
const passed = 1.1;

/** Where a disturbance leaves more attempts behind than it found, how many; else how many were sent at most, and are again. */
export function finding(result: Result, lines: readonly Line[]): string {
  const after = worstAftermath(result, lines);
  if (after === undefined) {
    const from = Math.ceil(result.warmup_s / windowOf(result) - 1e-9);
    return list(lines.map(({ name, series }) => ({ name, ratio: ratioBetween(series, from, series.offered.length) })));
  }
  const { recovery, from_s, to_s, before, ratio } = after;
  const when = `from ${seconds(Math.round(from_s - recovery.to_s))} after the ${recovery.disturbance} on`;
  const told = lines.map(({ name, series }) => ({ name, ratio: ratioIn(result, series, from_s, to_s) }));
  if (ratio > passed * before)
    return list(
      told.toSorted((a, b) => (b.ratio ?? 0) - (a.ratio ?? 0)),
      ` ${when}`,
    );
  const peak = peakOf(result, lines);
  const again = told.find(({ name }) => name === peak.name)!;
  const top = `${peak.name} sends up to ${ratioText(peak.ratio)} attempts per request, at ${moment(peak.at_s, result.horizon_s)}`;
  return `${top}, and ${ratioText(again.ratio)} ${when}`;
}

interface Told {
  readonly name: string;
  readonly ratio: number | null;
}

function list([first, ...others]: readonly Told[], when = ""): string {
  const main = `${first.name} sends ${ratioText(first.ratio)} attempts per request${when}`;
  return [main, ...others.map(({ name, ratio }) => `${name} ${ratioText(ratio)}`)].join("; ");
}

interface After {
  readonly recovery: RecoveryResult;
  /** The second half of the time from the end of the disturbance to the next or the horizon. */
  readonly from_s: number;
  readonly to_s: number;
  /** Attempts per request in it, and before the disturbance. */
  readonly ratio: number;
  readonly before: number;
}

/** After the disturbance, of any line, that leaves most behind. */
function worstAftermath(result: Result, lines: readonly Line[]): After | undefined {
  const aftermaths = lines.flatMap(({ series, recoveries }) =>
    recoveries.flatMap((recovery, i): After[] => {
      const to_s = recoveries[i + 1]?.from_s ?? result.horizon_s;
      const from_s = (recovery.to_s + to_s) / 2;
      const ratio = from_s < to_s ? ratioIn(result, series, from_s, to_s) : null;
      const before = ratioIn(result, series, result.warmup_s, recoveries[0].from_s) ?? 1;
      return ratio === null ? [] : [{ recovery, from_s, to_s, ratio, before }];
    }),
  );
  return aftermaths.toSorted((a, b) => b.ratio - a.ratio)[0];
}

function peakOf(result: Result, lines: readonly Line[]): { readonly name: string; readonly ratio: number; readonly at_s: number } {
  const each = grouping(lines);
  const all = lines.flatMap(({ name, series }) =>
    ratiosOf(series, each).map((ratio, i) => ({ name, ratio: ratio ?? 0, at_s: i * each * windowOf(result) })),
  );
  return all.filter(({ at_s }) => at_s >= result.warmup_s).toSorted((a, b) => b.ratio - a.ratio)[0];
}

function ratioIn(result: Result, series: Line["series"], from_s: number, to_s: number): number | null {
  const window_s = windowOf(result);
  return ratioBetween(series, Math.ceil(from_s / window_s - 1e-9), Math.floor(to_s / window_s + 1e-9));
}

function windowOf(result: Result): number {
  return focus(result)!.series.window_s;
}
