import { PlanError } from "../../base/plan-error.ts";
import type { TraceRows } from "../trace-rows.ts";
import type { Layout } from "./layout.ts";
import type { Clock, Moment } from "./moment.ts";
import { type Source, takeRow, wrongCell } from "./parse.ts";

/** Longer lines are not shown in messages. */
const longestShown = 200;

const newline = 0x0a;

type Json = Readonly<Record<string, unknown>>;

/** Reads whole lines, each of them a JSON object, and explains the first that cannot be a request. Blank lines are none. */
export function parseLines(bytes: Uint8Array, layout: Layout, clock: Clock, moment: Moment, rows: TraceRows, source: Source): void {
  new TextDecoder()
    .decode(bytes)
    .split("\n")
    .forEach((line, i) => {
      if (line.trim() === "") return;
      const place = { file: source.name, line: source.linesBefore + i + 1 };
      const object = objectIn(line, place);
      const cells = layout.names.map((name, cell) => (isUsed(cell, layout) ? cellOf(object[name]) : ""));
      const wrong = takeRow(cells, layout, clock, moment, rows);
      if (wrong === undefined) return;
      const column = 1 + Math.max(0, line.indexOf(`"${layout.names[layout[wrong]!]}"`));
      const shown = line.length > longestShown ? {} : { text: line.trimEnd() };
      throw wrongCell(cells, wrong, layout, clock, { ...place, column, ...shown });
    });
}

/** The object in the first line, for its names. */
export function firstObject(bytes: Uint8Array, source: Source): Json {
  const end = bytes.indexOf(newline);
  const line = end < 0 ? bytes : bytes.subarray(0, end);
  return objectIn(new TextDecoder().decode(line), { file: source.name, line: source.linesBefore + 1 });
}

function objectIn(line: string, place: { file: string; line: number }): Json {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    value = undefined;
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Json;
  throw new PlanError({ code: "bad-trace", message: "the line is no JSON object", place, hint: "JSON lines hold one whole object each" });
}

function isUsed(cell: number, { time, input, output, hashes }: Layout): boolean {
  return cell === time || cell === input || cell === output || cell === hashes;
}

/** A value as a cell of a CSV would have it; nothing for what is not there. */
function cellOf(value: unknown): string {
  return value === undefined || value === null ? "" : typeof value === "string" ? value.trim() : JSON.stringify(value);
}
