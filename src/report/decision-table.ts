/** The plans of a sweep or a comparison as one table, and for a comparison what sets them apart. */
import type { Difference, Point, Result } from "../experiment/result.ts";
import { type FurtherColumn, furtherColumns, type FurtherName, furtherNames } from "./further-columns.ts";
import { type Column, type DataTable, left, type Line, line, right } from "./data-table.ts";
import { sharedFolders } from "./plans.ts";
import { watchedAs } from "./objective.ts";
import { type DecisionRow, decisionRows } from "./decision-rows.ts";
import { absent, amount, dollars, percent, plural, seconds, shortDollars, signed } from "../base/format.ts";
import { dollarsWithInterval, halfWidth, percentWithInterval } from "../experiment/interval-text.ts";

/** How much a table says: which columns it has beside the usual ones, and which figures their intervals. */
export interface Detail {
  readonly further: readonly FurtherName[];
  readonly intervalOfWaste: boolean;
  readonly intervalOfMoney: boolean;
}

const all = furtherNames;
const few = all.filter((name) => name !== "coldWaits");
const fewer = few.filter((name) => name !== "busiestMinute" && name !== "backoff");

/** From the widest table to the narrowest. */
export const details: readonly Detail[] = [
  { further: all, intervalOfWaste: true, intervalOfMoney: true },
  { further: all, intervalOfWaste: false, intervalOfMoney: true },
  { further: few, intervalOfWaste: true, intervalOfMoney: true },
  { further: few, intervalOfWaste: false, intervalOfMoney: true },
  { further: few, intervalOfWaste: false, intervalOfMoney: false },
  { further: fewer, intervalOfWaste: false, intervalOfMoney: true },
  { further: fewer, intervalOfWaste: false, intervalOfMoney: false },
  { further: ["recovers", "degraded"], intervalOfWaste: false, intervalOfMoney: false },
  { further: ["recovers"], intervalOfWaste: false, intervalOfMoney: false },
];

/** At most `limit` lines, default 24. */
export function decision(result: Result, limit?: number, detail: Detail = details[0]): DataTable {
  const { axes, fixed, rows, hidden } = decisionRows(result, limit);
  const names = axes.length === 0 ? [left("plan")] : axes.map(({ label }) => left(label));
  const heads = detail.intervalOfMoney ? ["cost per month", "wasted GPU"] : ["$/month", "wasted"];
  const further = furtherColumns(result.points, detail.further);
  const [money, wasted] = heads.map((head) => right(head));
  const pools = result.points.some((point) => Object.keys(point.pools).length > 0);
  const own = further.map(({ column }) => column);
  const columns: Column[] = [...names, right("attainment"), ...own, money, ...(pools ? [wasted] : []), left("SLO")];
  const held = fixed.map(({ label, values }) => `${label} ${values[0]}`).join(", ");
  const merged = rows.some(({ plans }) => plans > 1) ? ["settings that made no difference share a row"] : [];
  const more = hidden > 0 ? [`${plural(hidden, "further plan")} not shown`] : [];
  const about = `attainment is the share of requests ${watchedAs(result)}`;
  const cutOff = axes.flatMap((axis) => (sharedFolders(axis) === "" ? [] : [`${axis.label} in ${sharedFolders(axis)}`]));
  const note = [
    about,
    ...further.map((one) => one.about),
    ...cutOff,
    ...(held === "" ? [] : [`all with ${held}`]),
    ...merged,
    ...more,
  ].join("; ");
  const caption = `${systems(result)}, those that keep the SLO first, by cost`;
  return {
    caption,
    columns,
    lines: rows.map((row) => lineOf(row, detail, further, pools)),
    note: `${note[0].toUpperCase()}${note.slice(1)}.`,
  };
}

/** @param pools whether any plan has pools, whose work may be wasted */
function lineOf({ values, point, best }: DecisionRow, detail: Detail, further: readonly FurtherColumn[], pools: boolean): Line {
  const { attainment, cost, wastedShare, verdict } = point;
  const money = detail.intervalOfMoney ? dollarsWithInterval(cost.usd_per_month) : shortDollars(cost.usd_per_month.mean);
  const wasted = detail.intervalOfWaste ? percentWithInterval(wastedShare, 1) : percent(wastedShare.mean, 1);
  const own = further.map(({ cell }) => cell(point));
  const cells = [...values, percentWithInterval(attainment), ...own, money, ...(pools ? [wasted] : [])].map((text) => ({ text }));
  return { cells: [...cells, { text: judged(point), verdict }], marked: best };
}

/** "met", or which objective is most in the way: "missed: ttft p95". */
function judged({ verdict, classes }: Point): string {
  const inTheWay = Object.values(classes)
    .flatMap(({ objectives }) => objectives.filter((objective) => objective.verdict === verdict))
    .toSorted((a, b) => a.budgetLeft.mean - b.budgetLeft.mean);
  return verdict === "met" || inTheWay.length === 0 ? verdict : `${verdict}: ${inTheWay[0].text.split(/\s*[<>]/)[0]}`;
}

function significance({ difference, significant }: Difference): string {
  if (difference.low === undefined) return absent;
  return significant ? "yes" : "no";
}

/** Paired differences of a comparison; without a line when there is nothing to compare. */
export function differenceTable({ differences, confidence }: Result): DataTable {
  const pairs = new Set(differences.map(({ from, to }) => JSON.stringify([from, to])));
  const many = pairs.size > 1;
  const lines = differences.map((one) => {
    const words = [one.metric, change(one), significance(one), gain(one)];
    return many ? line(`${one.to} − ${one.from}`, ...words) : line(...words);
  });
  const columns = [...(many ? [left("plans")] : []), left("metric"), right("difference"), left("significant"), right("pairing gains")];
  const of = many || differences.length === 0 ? "" : `: ${differences[0].to} minus ${differences[0].from}`;
  const note = `Paired by replication under common random numbers; significant means that the ${percent(confidence, 0)} interval excludes zero. Independent seeds would take so many times the replications as pairing gains.`;
  return { caption: `Differences${of}`, columns, lines, note };
}

function gain({ varianceReduction }: Difference): string {
  return varianceReduction === null ? absent : `${amount(Number(varianceReduction.toPrecision(2)))} times`;
}

const printers: Record<Difference["unit"], (value: number) => string> = {
  share: (value) => `${(value * 100).toFixed(2)} points`,
  usd_per_month: dollars,
  s: seconds,
  count: amount,
};

/** The change with its sign and interval: `+8.30 points ± 0.40`. */
function change({ difference, unit }: Difference): string {
  const print = printers[unit];
  const half = halfWidth(difference);
  const interval = half === undefined ? "" : ` ± ${unit === "share" ? (half * 100).toFixed(2) : print(half).replace("$", "")}`;
  return `${signed(difference.mean, print)}${interval}`;
}

/** "12 plans"; of a search that need not simulate all, how many it did, each in every case of demand. */
function systems({ points, optimization }: Result): string {
  if (optimization === undefined) return plural(points.length, "plan");
  const cases = Math.max(1, optimization.cases.length);
  return `${plural(points.length / cases, "plan")} simulated in full${cases === 1 ? "" : ` at ${cases} demands`}`;
}
