/** What each cause of misses is worth, and how far each input moves the outcome. */
import { dollars, percent, plural, signed, thousands } from "../base/format.ts";
import type { Sensitivity, Swing } from "../experiment/explanation-result.ts";
import { halfWidth } from "../experiment/interval-text.ts";
import type { Estimate, Result } from "../experiment/result.ts";
import { type DataTable, left, line, right } from "./data-table.ts";
import { watchedAs } from "./objective.ts";

/** Inputs in a table or chart; the result holds them all. */
export const mostInputs = 12;

/** The tables of an explanation, in order; none of another result. */
export function explanationTables(result: Result): DataTable[] {
  return [causeTable(result), sensitivityTable(result)].filter(({ lines }) => lines.length > 0);
}

function causeTable(result: Result): DataTable {
  const { points, confidence } = result;
  const { causes = [], blame } = result.explanation ?? {};
  const lines = causes.map(({ cause, words, attainment, goodShare, usd_per_month }, i) => {
    const reached = percent(points[i + 1].attainment.mean);
    const sure = attainment.low !== undefined && attainment.low > 0;
    const verdict = cause === blame?.cause ? "most" : blame?.tiedWith.includes(cause) === true ? "as much" : sure ? "yes" : "";
    return line(words, reached, pointsChange(attainment), pointsChange(goodShare), dollarsChange(usd_per_month), verdict);
  });
  const columns = [
    left("without"),
    right("attainment"),
    right("points gained"),
    right("good, points"),
    right("cost per month"),
    left("to blame"),
  ];
  const sure = percent(confidence, 0);
  const note = `One cause taken away at a time, on the same seeds, against ${percent(points[0].attainment.mean)} with all of them; attainment is the share of requests ${watchedAs(result)}, good those that met all objectives of their class. Yes: the ${sure} interval lies above zero. Gains do not add up.`;
  return { caption: "What each cause is worth", columns, lines, note };
}

function sensitivityTable({ explanation }: Result): DataTable {
  const { sensitivity = [], sensitivityReplications = 0 } = explanation ?? {};
  const shown = sensitivity.slice(0, mostInputs);
  const lines = shown.map((one) => {
    const { low, high } = one;
    return line(inputName(one), pointsMean(low), pointsMean(high), dollarsMean(low), dollarsMean(high));
  });
  const columns = [left("input"), right("points at 0.8"), right("points at 1.2"), right("$/month at 0.8"), right("$/month at 1.2")];
  const more = sensitivity.length > shown.length ? ` ${plural(sensitivity.length - shown.length, "further input")} in the result.` : "";
  const note = `One input changed at a time, in the mean of ${plural(sensitivityReplications, "replication")} on the same seeds; by what moves attainment, then cost, most. Whole numbers move by one at least, as said beside them.${more}`;
  return { caption: "How much each input matters", columns, lines, note };
}

/** With what its whole number becomes: "gpus replicas (2 to 1 or 3)". */
export function inputName({ input, low, high }: Sensitivity): string {
  if (low.moved === null || high.moved === null) return input;
  return `${input} (${low.moved} or ${high.moved.split(" ").at(-1)})`;
}

function pointsMean({ attainment }: Swing): string {
  return pointsChange({ mean: attainment.mean });
}

function dollarsMean({ usd_per_month }: Swing): string {
  return dollarsChange({ mean: usd_per_month.mean });
}

/** "+3.59 ± 0.20"; "0" where nothing changed. */
export function pointsChange(change: Estimate): string {
  const print = (value: number): string => (value * 100).toFixed(2);
  return changeText(change, print, print);
}

export function dollarsChange(change: Estimate): string {
  // The half-width is in whole dollars where the mean is.
  return changeText(change, dollars, (value) => (Math.abs(change.mean) >= 99.995 ? thousands(value) : dollars(value).replace("$", "")));
}

function changeText(change: Estimate, print: (value: number) => string, ofHalf: (value: number) => string): string {
  const half = halfWidth(change);
  if (change.mean === 0 && (half === undefined || half === 0)) return "0";
  return `${signed(change.mean, print)}${half === undefined ? "" : ` ± ${ofHalf(half)}`}`;
}
