/** The plans of a sweep or a comparison as one table, and for a comparison what sets them apart. */
import type { Difference, Point, Result } from "../experiment/result.ts";
import { leastRecovered } from "../experiment/recovery-loop.ts";
import { recoveredText } from "./recovery-table.ts";
import { type Column, type DataTable, left, type Line, line, right } from "./data-table.ts";
import { sharedFolders } from "./plans.ts";
import { watchedAs } from "./objective.ts";
import { type DecisionRow, decisionRows } from "./decision-rows.ts";
import { absent, amount, dollars, percent, plural, seconds, shortDollars, signed } from "../base/format.ts";
import { dollarsWithInterval, halfWidth, percentWithInterval, withInterval } from "../experiment/interval-text.ts";

/** How much a table says: whether cold waits and refused calls have a column, and which figures their intervals. */
export interface Detail {
  readonly coldWaits: boolean;
  readonly refused: boolean;
  readonly intervalOfWaste: boolean;
  readonly intervalOfMoney: boolean;
}

/** From the widest table to the narrowest. */
export const details: readonly Detail[] = [
  { coldWaits: true, refused: true, intervalOfWaste: true, intervalOfMoney: true },
  { coldWaits: true, refused: true, intervalOfWaste: false, intervalOfMoney: true },
  { coldWaits: false, refused: true, intervalOfWaste: true, intervalOfMoney: true },
  { coldWaits: false, refused: true, intervalOfWaste: false, intervalOfMoney: true },
  { coldWaits: false, refused: true, intervalOfWaste: false, intervalOfMoney: false },
  { coldWaits: false, refused: false, intervalOfWaste: false, intervalOfMoney: false },
];

/** Share of the calls from which on refusals are worth a column; what spills over now and then is not. */
const manyRefused = 0.01;

/** At most `limit` lines, default 24. */
export function decision(result: Result, limit?: number, detail: Detail = details[0]): DataTable {
  const { axes, fixed, rows, hidden } = decisionRows(result, limit);
  const names = axes.length === 0 ? [left("plan")] : axes.map(({ label }) => left(label));
  const cold = detail.coldWaits && result.points.some((point) => coldWaits(point) > 0);
  const heads = detail.intervalOfMoney ? ["cost per month", "wasted GPU"] : ["$/month", "wasted"];
  const stuck = result.points.some(({ classes }) => leastRecovered(classes) !== undefined);
  const recovers = stuck ? [left("recovers")] : [];
  const refused = detail.refused && result.points.some((point) => (refusedShare(point) ?? 0) >= manyRefused);
  const columns: Column[] = [
    ...names,
    right("attainment"),
    ...recovers,
    ...(refused ? [right("429s")] : []),
    ...(cold ? [right("cold waits")] : []),
    ...heads.map(right),
    left("SLO"),
  ];
  const held = fixed.map(({ label, values }) => `${label} ${values[0]}`).join(", ");
  const merged = rows.some(({ plans }) => plans > 1) ? ["settings that made no difference share a row"] : [];
  const more = hidden > 0 ? [`${plural(hidden, "further plan")} not shown`] : [];
  const about = `attainment is the share of requests ${watchedAs(result)}`;
  const cutOff = axes.flatMap((axis) => (sharedFolders(axis) === "" ? [] : [`${axis.label} in ${sharedFolders(axis)}`]));
  const waited = cold ? ["cold waits are attempts a replication that waited while a replica was on its way or none was ready"] : [];
  const turnedAway = refused ? ["429s are the share of calls to providers that a limit refused"] : [];
  const again = stuck
    ? ["recovers is how long after the end of what disturbed them requests were as good as before again, or in how many replications"]
    : [];
  const note = [
    about,
    ...again,
    ...turnedAway,
    ...waited,
    ...cutOff,
    ...(held === "" ? [] : [`all with ${held}`]),
    ...merged,
    ...more,
  ].join("; ");
  const caption = `${plural(result.points.length, "plan")}, those that keep the SLO first, by cost`;
  return {
    caption,
    columns,
    lines: rows.map((row) => lineOf(row, detail, { cold, stuck, refused })),
    note: `${note[0].toUpperCase()}${note.slice(1)}.`,
  };
}

/** Attempts a replication that waited for replicas on their way. */
function coldWaits({ pools }: Point): number {
  return Object.values(pools).reduce((sum, pool) => sum + pool.coldWaits.mean, 0);
}

/** Of the disturbances of all classes the one that is recovered from least, or where all are, latest. */
function recovery(point: Point): string {
  const worst = leastRecovered(point.classes);
  if (worst !== undefined) return recoveredText(worst.recovery);
  const [slowest] = Object.values(point.classes)
    .flatMap(({ recoveries }) => recoveries)
    .toSorted((a, b) => (b.recovery_s?.mean ?? -1) - (a.recovery_s?.mean ?? -1));
  if (slowest === undefined) return absent;
  const { recovery_s } = slowest;
  if (recovery_s === null) return recoveredText(slowest);
  return recovery_s.mean === 0 ? "at once" : `after ${withInterval(recovery_s, seconds)}`;
}

/** Share of the calls to all providers that were refused with a 429; null without a call. */
function refusedShare({ providers }: Point): number | null {
  const all = Object.values(providers);
  const calls = all.reduce((sum, one) => sum + one.calls.mean, 0);
  return calls === 0 ? null : all.reduce((sum, one) => sum + one.throttled.mean, 0) / calls;
}

/** Which columns there are beside the usual ones. */
interface Further {
  readonly cold: boolean;
  readonly stuck: boolean;
  readonly refused: boolean;
}

function lineOf({ values, point, best }: DecisionRow, detail: Detail, { cold, stuck, refused }: Further): Line {
  const { attainment, cost, wastedShare, verdict } = point;
  const money = detail.intervalOfMoney ? dollarsWithInterval(cost.usd_per_month) : shortDollars(cost.usd_per_month.mean);
  const wasted = detail.intervalOfWaste ? percentWithInterval(wastedShare, 1) : percent(wastedShare.mean, 1);
  const waits = cold ? [amount(Math.round(coldWaits(point)))] : [];
  const recovers = stuck ? [recovery(point)] : [];
  const share = refusedShare(point);
  const turnedAway = refused ? [share === null ? absent : percent(share, 1)] : [];
  const cells = [...values, percentWithInterval(attainment), ...recovers, ...turnedAway, ...waits, money, wasted].map((text) => ({ text }));
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
    const words = [one.metric, change(one), significance(one)];
    return many ? line(`${one.to} − ${one.from}`, ...words) : line(...words);
  });
  const columns = [...(many ? [left("plans")] : []), left("metric"), right("difference"), left("significant")];
  const of = many || differences.length === 0 ? "" : `: ${differences[0].to} minus ${differences[0].from}`;
  const note = `Paired by replication under common random numbers; significant means that the ${percent(confidence, 0)} interval excludes zero.`;
  return { caption: `Differences${of}`, columns, lines, note };
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
