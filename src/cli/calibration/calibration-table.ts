import Table from "cli-table3";
import { percent, shortDuration, signed, wrapped } from "../../base/format.ts";
import type { Calibration } from "../../experiment/calibration/calibration.ts";
import type { TimeErrors } from "../../experiment/calibration/errors.ts";

/** Columns of text that is not in a table. */
const width = 100;

/** What a calibration found, for people: the coefficients, and the errors of what was fitted and what was held out. */
export function calibrationTables(calibration: Calibration): string {
  return [coefficientTable(calibration), errorTable(calibration), wrapped(calibration.method, width).join("\n"), ""].join("\n");
}

/** Beyond this a fit is no better than engines that are derived, and says little of its own. */
const largestError = 0.1;

/** What people must know of a fit even if they asked for no tables; empty when there is nothing. */
export function heldOutWarning({ parts }: Calibration): string {
  const wrong = parts
    .filter(({ heldOut }) => heldOut)
    .flatMap(({ name, errors: { tpot, total } }) => [
      { text: `${name}: median error of TPOT`, error: tpot.median },
      { text: `${name}: error of the mean TPOT`, error: Math.abs(tpot.ofMean) },
      { text: `${name}: error of the mean total`, error: Math.abs(total?.ofMean ?? 0) },
    ])
    .filter(({ error }) => error > largestError);
  if (wrong.length === 0) return "";
  const worst = wrong.reduce((most, one) => (one.error > most.error ? one : most));
  return `headroom: warning: ${worst.text} is ${percent(worst.error, 1)}, above ${percent(largestError, 0)}: what was not fitted is badly reproduced\n`;
}

function coefficientTable({ coefficients }: Calibration): string {
  const rows = coefficients.map(({ name, base, value, standardError, atFloor }) => {
    return [name, shortDuration(base, 12), shortDuration(value, 12), atFloor ? "hardware's floor" : `± ${percent(standardError, 1)}`];
  });
  return printed(["coefficient", "base", "fitted", "standard error"], rows);
}

function errorTable({ parts }: Calibration): string {
  const rows = parts.flatMap(({ name, errors }) => {
    return (["ttft", "tpot", "total"] as const).flatMap((kind) => {
      const one = errors[kind];
      return one === undefined ? [] : [[name, kind === "total" ? kind : kind.toUpperCase(), ...cells(one)]];
    });
  });
  return printed(["part", "time", "measured", "simulated", "error of mean", "median error", "worst"], rows);
}

function cells({ measured, simulated, ofMean, median, worst }: TimeErrors): string[] {
  const error = signed(Number(ofMean.toFixed(3)), (share) => percent(share, 1));
  return [milliseconds(measured), milliseconds(simulated), error, percent(median, 1), percent(worst, 1)];
}

function milliseconds(seconds: number): string {
  return `${(seconds * 1000).toFixed(1)} ms`;
}

/** Nothing but spaces: tables are read in a terminal and pasted into mails. */
function printed(head: string[], rows: readonly string[][]): string {
  const none = Object.fromEntries(
    ["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left", "bottom-right", "left", "left-mid", "mid", "mid-mid"]
      .concat("right", "right-mid", "middle")
      .map((part) => [part, part === "middle" ? "  " : ""]),
  );
  const colAligns = head.map((name, i) => (i === 0 || name === "time" ? ("left" as const) : ("right" as const)));
  const table = new Table({ head, colAligns, chars: none, style: { head: [], border: [], "padding-left": 0, "padding-right": 0 } });
  for (const row of rows) table.push(row);
  return `${table.toString().replaceAll(/ +$/gm, "")}\n`;
}
