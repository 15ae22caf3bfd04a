/** Results as text for a terminal. Nothing but spaces and rules is drawn, and no line ends in a space. */
import Table from "cli-table3";
import picocolors from "picocolors";
import type { Result, Verdict } from "../experiment/result.ts";
import { blastRadii } from "./blast-radius-table.ts";
import { courseTables } from "./course-tables.ts";
import type { DataTable } from "./data-table.ts";
import { decision, details, differenceTable } from "./decision-table.ts";
import { explanationTables } from "./explanation-table.ts";
import { notesOn } from "./notes.ts";
import { focus } from "./plans.ts";
import { sections } from "./sections.ts";
import { plural, wrapped } from "../base/format.ts";

export interface TextOptions {
  /** Escape codes for colour; judgements are always said in words too. */
  readonly colour: boolean;
  /** Columns of the terminal, default 100. */
  readonly width?: number;
}

/** For sweep and compare: every plan, the differences of a comparison, and the advice as the last line. */
export function decisionTable(result: Result, options: TextOptions): string {
  const { width = 100 } = options;
  const asDetailed = details.map((detail) => decision(result, undefined, detail));
  const fitting = asDetailed.find((table) => naturalWidth(table) + mark.best.length <= width) ?? asDetailed[asDetailed.length - 1];
  const tables = [fitting, differenceTable(result), blastRadii(result)].filter((table) => table.lines.length > 0);
  return join([...tables.map((table) => printed(table, options)), ...closing(result, options)]);
}

/** For simulate: everything about the one plan, and the advice as the last line. */
export function summaryTable(result: Result, options: TextOptions): string {
  const point = focus(result);
  const tables = point === undefined ? [] : [...sections(point), blastRadii(result)].filter((table) => table.lines.length > 0);
  return join([...tables.map((table) => printed(table, options)), ...closing(result, options)]);
}

/** For explain: everything about the system as it is, what its causes and inputs are worth, and the advice as the last line. */
export function explanationText(result: Result, options: TextOptions): string {
  const tables = [...sections(result.points[0]).filter((table) => table.lines.length > 0), ...explanationTables(result)];
  return join([...tables.map((table) => printed(table, options)), ...closing(result, options)]);
}

/** Any tables, one below the other. */
export function tablesText(tables: readonly DataTable[], options: TextOptions): string {
  return join(tables.map((table) => printed(table, options)));
}

/** For capacity and forecast: what was simulated along the traffic or the months, and the advice as the last line. */
export function courseTable(result: Result, options: TextOptions): string {
  return join([...courseTables(result).map((table) => printed(table, options)), ...closing(result, options)]);
}

function closing(result: Result, { colour, width = 100 }: TextOptions): string[] {
  const { bold, dim, yellow } = picocolors.createColors(colour);
  const sample = `${plural(result.replications, "replication")}, seed ${result.seed}; ± is the ${result.confidence * 100} % interval`;
  const warnings = result.warnings.map((warning) => wrapped(`warning: ${warning}`, width).map(yellow).join("\n"));
  const checked = notesOn(result).map((note) => wrapped(note, width).join("\n"));
  return [dim(sample), ...warnings, ...checked, wrapped(result.advice, width).map(bold).join("\n")];
}

function join(parts: readonly string[]): string {
  return `${parts.join("\n\n")}\n`;
}

const gap = "  ";
const mark = { best: "* ", other: "  " };

function printed(data: DataTable, { colour, width = 100 }: TextOptions): string {
  const { bold, dim, green, red, yellow } = picocolors.createColors(colour);
  const paint: Record<Verdict, (text: string) => string> = { met: green, missed: red, undecided: yellow };
  const anyMarked = data.lines.some((line) => line.marked);
  const widths = fit(data, width - (anyMarked ? mark.best.length : 0));
  const table = new Table({
    chars: Object.fromEntries(borders.map((name) => [name, name === "middle" ? gap : ""])),
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
    colAligns: data.columns.map(({ align }) => align),
    colWidths: widths,
  });
  const heads = headLines(data);
  table.push(heads.map((parts) => parts.map((part) => (part === "" ? part : dim(part))).join("\n")));
  for (const { cells, marked = false } of data.lines) {
    const weight = marked ? bold : (text: string) => text;
    table.push(cells.map(({ text, verdict }, i) => weight((verdict === undefined ? String : paint[verdict])(shortened(text, widths[i])))));
  }
  const above = heads[0].length;
  const prefix = (i: number) => (anyMarked ? (data.lines[i - above]?.marked === true ? mark.best : mark.other) : "");
  const rows = table.toString().split("\n");
  const notes = [
    ...(anyMarked ? [`* ${data.mark ?? "the plan advised"}`] : []),
    ...(data.note === undefined ? [] : wrapped(data.note, width)),
  ].map(dim);
  return [bold(data.caption), ...rows.map((row, i) => trimmed(`${prefix(i)}${row}`)), ...notes].join("\n");
}

const borders = ["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left", "bottom-right"].concat([
  "left",
  "left-mid",
  "mid",
  "mid-mid",
  "right",
  "right-mid",
  "middle",
]);

/** Each heading on as many lines as the others need: one of several words is broken before its last, since its numbers are narrow. */
function headLines({ columns }: DataTable): string[][] {
  const broken = columns.map(({ text }) => {
    const space = text.lastIndexOf(" ");
    return space < 0 ? [text] : [text.slice(0, space), text.slice(space + 1)];
  });
  const most = broken.reduce((lines, parts) => Math.max(lines, parts.length), 1);
  return broken.map((parts) => Array.from({ length: most }, (_, i) => parts[i - (most - parts.length)] ?? ""));
}

function columnWidths(table: DataTable): number[] {
  const heads = headLines(table);
  return table.columns.map((_, i) => {
    const texts = [...heads[i], ...table.lines.map(({ cells }) => cells[i].text)];
    return texts.reduce((widest, text) => Math.max(widest, text.length), 0);
  });
}

function naturalWidth(table: DataTable): number {
  return columnWidths(table).reduce((sum, width) => sum + width + gap.length, -gap.length);
}

/** Column widths that fit: the widest left-aligned column gives way, down to eight characters; numbers and what is to be typed are never cut. */
function fit(table: DataTable, width: number): number[] {
  const widths = columnWidths(table);
  const total = () => widths.reduce((sum, one) => sum + one, 0) + gap.length * (widths.length - 1);
  while (total() > width) {
    const widest = table.columns.reduce(
      (best, { align, whole }, i) => (align === "left" && whole !== true && widths[i] > (widths[best] ?? 8) ? i : best),
      -1,
    );
    if (widest === -1) break;
    widths[widest] = widths[widest] - 1;
  }
  return widths;
}

/** Cut in the middle, since paths and names differ most at their ends. */
function shortened(text: string, width: number): string {
  if (text.length <= width) return text;
  const head = Math.ceil((width - 1) / 2);
  return `${text.slice(0, head)}…${text.slice(text.length - (width - 1 - head))}`;
}

/** Without spaces at the end, also where an escape code follows them. */
function trimmed(row: string): string {
  // eslint-disable-next-line no-control-regex
  return row.replace(/ +((?:\u001b\[\d+m)*)$/, "$1");
}
