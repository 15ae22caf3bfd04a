import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { PlanError, type Place } from "../../base/plan-error.ts";
import { isMapping } from "../../scenario/document/path.ts";
import { placeOf, records } from "../../traffic/csv/parse.ts";

/** Rows of text under named columns, read from a CSV or from lines of JSON. */
export interface MeasurementTable {
  readonly file: string;
  /** The first digits of the SHA-256 of the file. */
  readonly hash: string;
  readonly columns: readonly string[];
  readonly rows: readonly MeasurementRow[];
  /** Where the columns are named. */
  readonly header: Place;
}

export interface MeasurementRow {
  readonly cells: readonly string[];
  /** Where the cell of a column stands, counted from 0. */
  place(column: number): Place;
}

/** A file beyond this, in bytes, is no list of measurements that a fit could replay again and again. */
const largest = 256 * 1024 * 1024;

/** @throws PlanError when the file cannot be read, or is neither a CSV nor lines of JSON */
export function readMeasurementTable(file: string): MeasurementTable {
  const bytes = withoutByteOrderMark(readBytes(file));
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  const first = bytes.find((byte) => byte > 0x20);
  if (first === undefined) throw refuse("is empty", { file }, "measurements are a CSV with a header, or lines of JSON");
  if (bytes.includes(0)) throw refuse("is not text", { file }, "measurements are a CSV in UTF-8, or lines of JSON");
  const table = first === 0x7b ? fromJsonLines(bytes, file) : fromCsv(bytes, file);
  return { file, hash, ...table };
}

function readBytes(file: string): Uint8Array {
  try {
    const bytes = readFileSync(file);
    if (bytes.length > largest) throw refuse("is larger than 256 MiB", { file }, "a few hundred requests are enough for a fit");
    return bytes;
  } catch (error) {
    if (error instanceof PlanError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw new PlanError({ code: "missing-file", message: "there is no such file of measurements", place: { file } });
    throw new PlanError({ code: "unreadable", message: code === "EISDIR" ? "is a folder" : `cannot be read (${code})`, place: { file } });
  }
}

function withoutByteOrderMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

function fromCsv(bytes: Uint8Array, file: string): Pick<MeasurementTable, "columns" | "rows" | "header"> {
  const source = { name: file, linesBefore: 0 };
  const [columns, ...lines] = [...records(bytes, source)] as [string[], ...string[][]];
  const rows = lines.map((cells, i) => ({ cells, place: (column: number) => placeOf(bytes, i + 1, column, source) }));
  const ragged = rows.find(({ cells }) => cells.length !== columns.length);
  if (ragged !== undefined) {
    const message = `the row has ${ragged.cells.length} cells, and the header ${columns.length}`;
    throw refuse(message, ragged.place(0), "a row cut short, or a comma in a cell without quotes");
  }
  return { columns, rows, header: placeOf(bytes, 0, 0, source) };
}

function fromJsonLines(bytes: Uint8Array, file: string): Pick<MeasurementTable, "columns" | "rows" | "header"> {
  const lines = new TextDecoder().decode(bytes).split("\n");
  const objects = lines.flatMap((line, i) => (line.trim() === "" ? [] : [{ object: parsed(line, { file, line: i + 1 }), line: i + 1 }]));
  const columns = Object.keys(objects[0].object);
  const rows = objects.map(({ object, line }) => ({
    cells: columns.map((column) => textOf(object[column])),
    place: () => ({ file, line }),
  }));
  return { columns, rows, header: { file, line: objects[0].line } };
}

function parsed(line: string, place: Place): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw refuse("the line is not JSON", place, 'every line must be one object, such as {"arrival": 0.5, "input": 100}');
  }
  if (!isMapping(value)) throw refuse("the line is not a JSON object", place, "every line must be one object with the same keys");
  return value;
}

function textOf(value: unknown): string {
  return typeof value === "number" || typeof value === "string" ? String(value) : "";
}

function refuse(message: string, place: Place, hint: string): PlanError {
  return new PlanError({ code: "bad-trace", message, place, hint });
}
