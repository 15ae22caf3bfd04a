import { CsvError, parse } from "csv-parse/sync";
import { PlanError, type Place } from "../../base/plan-error.ts";
import type { TraceRows } from "../trace-rows.ts";
import type { Column } from "./column-map.ts";
import { faultOf } from "./faults.ts";
import { hashFault, readHashes } from "./hashes.ts";
import type { Layout } from "./layout.ts";
import type { Clock, Moment } from "./moment.ts";
import { locate } from "./records.ts";
import { readTokens } from "./tokens.ts";

/** Longer lines are not shown in messages, nor longer cells. */
const longestShown = 200;

/** Reads any rows, quoted ones too, and explains the first that cannot be a request. */
export function parseRows(bytes: Uint8Array, layout: Layout, clock: Clock, moment: Moment, rows: TraceRows, source: Source): void {
  let record = 0;
  for (const cells of records(bytes, source)) {
    if (cells.length !== layout.cells) throw raggedRow(cells.length, layout.cells, placeOf(bytes, record, 0, source));
    const wrong = takeRow(cells, layout, clock, moment, rows);
    if (wrong !== undefined) throw wrongCell(cells, wrong, layout, clock, placeOf(bytes, record, layout[wrong]!, source));
    record++;
  }
}

const encoder = new TextEncoder();

/** Takes a row, or tells which of its cells is wrong. */
export function takeRow(cells: readonly string[], layout: Layout, clock: Clock, moment: Moment, rows: TraceRows): Column | undefined {
  const time = encoder.encode(cells[layout.time]);
  const input = encoder.encode(cells[layout.input]);
  const output = encoder.encode(cells[layout.output]);
  if (!moment.read(clock, time, 0, time.length)) return "time";
  const inputTokens = readTokens(input, 0, input.length);
  if (inputTokens < 0) return "input";
  const outputTokens = readTokens(output, 0, output.length);
  if (outputTokens < 0) return "output";
  if (inputTokens === 0 && outputTokens > 0) return "input";
  let hashes: number[] | undefined;
  if (layout.hashes !== undefined && outputTokens > 0) {
    hashes = readHashes(cells[layout.hashes]);
    if (hashes === undefined || hashes.length > Math.ceil(inputTokens / layout.hashBlock)) return "hashes";
  }
  return rows.take(moment.seconds, moment.nanoseconds, inputTokens, outputTokens, hashes) ? undefined : "output";
}

function raggedRow(found: number, wanted: number, place: Place): PlanError {
  const message = `the row has ${found} ${found === 1 ? "cell" : "cells"}, and the header ${wanted}`;
  return new PlanError({ code: "bad-trace", message, place, hint: "a row cut short, or a comma in a cell without quotes" });
}

/** What is wrong with a cell of a row, given as trimmed texts. */
export function wrongCell(cells: readonly string[], wrong: Column, layout: Layout, clock: Clock, place: Place): PlanError {
  const text = cells[layout[wrong]!];
  const name = layout.names[layout[wrong]!];
  const fault = wrong === "hashes" ? hashFault(text, cells[layout.input], layout.hashBlock) : faultOf(wrong, text, clock);
  const { message, hint } = fault;
  const value = text === "" || text.length > longestShown ? undefined : text;
  return new PlanError({ code: "bad-trace", message: `${name} ${message}`, place, value, hint });
}

/** Where bytes come from: the file, and how many of its lines are before them. */
export interface Source {
  readonly name: string;
  readonly linesBefore: number;
}

/** All records, as trimmed cells; blank lines are none. Those before a mistake come before it is thrown. */
export function* records(bytes: Uint8Array, source: Source): Generator<string[]> {
  const text = new TextDecoder().decode(bytes);
  try {
    yield* parse(text, csvOptions);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const { records: record, column } = error as unknown as { records: number; column: number };
    if (record > 0) yield* parse(text, { ...csvOptions, to: record });
    throw new PlanError({
      code: "bad-trace",
      message: error.code === "CSV_QUOTE_NOT_CLOSED" ? "a quote that is never closed" : "a quote where none can stand",
      place: placeOf(bytes, record, column, source),
      hint: 'a cell with a quote in it is written in quotes, with two for each of its own: "a ""b"" c"',
    });
  }
}

const csvOptions = { record_delimiter: ["\r\n", "\n"], relax_column_count: true, skip_empty_lines: true, trim: true };

/** The place of a cell, numbered from 0 like its record, for a message. */
export function placeOf(bytes: Uint8Array, record: number, cell: number, source: Source): Place {
  const { line, column, text } = locate(bytes, record, cell);
  const shown = text.length > longestShown ? {} : { text };
  return { file: source.name, line: source.linesBefore + line + 1, column, ...shown };
}
