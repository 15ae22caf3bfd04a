import { PlanError } from "../../base/plan-error.ts";
import type { Trace } from "../trace.ts";
import { TraceRows } from "../trace-rows.ts";
import { parseColumnMap } from "./column-map.ts";
import { firstObject, parseLines } from "./json-lines.ts";
import { type Layout, layoutOf, needsUnit } from "./layout.ts";
import { type Clock, Moment } from "./moment.ts";
import { parseRows, placeOf, records, type Source } from "./parse.ts";
import { countNewlines, isBlank, recordEnd, wholeRecords } from "./records.ts";
import { scanRows } from "./scan.ts";

export interface TraceOptions {
  /** Which column is which, such as `time=ts,input=prompt_tokens,output=completion_tokens,timeUnit=ms`. */
  readonly map?: string | undefined;
  /** Tokens that each hash in the trace stands for; hashes are not read unless given. */
  readonly hashBlock?: number | undefined;
}

/**
 * Reads a trace from the bytes of a CSV, or of JSON lines. Plain rows are read from the bytes themselves, the rest by a parser.
 * @param name of the file, for messages
 * @param read fills an array from its start with what comes next, and returns how many bytes it put there, 0 at the end
 * @param options as the scenario gives them
 * @param blockSize how many bytes are read and parsed at a time
 */
export function traceFromCsv(name: string, read: (into: Uint8Array) => number, options: TraceOptions, blockSize?: number): Trace {
  const reader = new TraceReader(name, options);
  for (const piece of wholeRecords(read, () => reader.refuse("a row of more than 16 MB", endlessRow), blockSize)) reader.take(piece);
  return reader.finish();
}

const endlessRow = "a quote that is never closed, or a file that is no CSV";

class TraceReader implements Source {
  readonly name: string;
  linesBefore = 0;
  private readonly map;
  private readonly hashBlock: number | undefined;
  private readonly rows: TraceRows;
  private readonly moment = new Moment();
  private layout: Layout | undefined;
  private clock: Clock | undefined;
  private json = false;

  constructor(name: string, { map, hashBlock }: TraceOptions) {
    this.name = name;
    this.map = parseColumnMap(map);
    this.hashBlock = hashBlock;
    this.clock = this.map.clock;
    this.rows = new TraceRows(this.map.dropZeroOutput, hashBlock);
  }

  /** @param piece whole records */
  take(piece: Uint8Array): void {
    const bytes = this.layout === undefined ? this.takeHeader(piece) : piece;
    if (this.layout === undefined || isBlank(bytes, 0, bytes.length)) {
      this.linesBefore += countNewlines(bytes);
      return;
    }
    this.clock ??= this.clockOf(bytes, this.layout);

    const plain = !this.json && this.layout.hashes === undefined;
    const before = this.rows.seen;
    const rest = plain ? bytes.subarray(scanRows(bytes, this.layout, this.clock, this.moment, this.rows)) : bytes;
    this.linesBefore += this.rows.seen - before;
    if (rest.length === 0) return;
    const parse = this.json ? parseLines : parseRows;
    parse(rest, this.layout, this.clock, this.moment, this.rows, this);
    this.linesBefore += countNewlines(rest);
  }

  finish(): Trace {
    if (this.layout === undefined) this.refuse("the file is empty", "a trace needs a header and a row for each request");
    if (this.rows.count === 0) {
      const dropped = this.rows.dropped === 0 ? "" : `; ${this.rows.dropped} without output tokens were left out`;
      this.refuse(`the trace has no requests${dropped}`, "a trace needs a row for each request");
    }
    return this.rows.finish(this.name);
  }

  refuse(message: string, hint: string): never {
    throw new PlanError({ code: "bad-trace", message, place: { file: this.name, line: this.linesBefore + 1 }, hint });
  }

  /** Learns the columns from the first record that is not blank, and returns what follows it. */
  private takeHeader(piece: Uint8Array): Uint8Array {
    let start = hasByteOrderMark(piece) ? 3 : 0;
    let end = recordEnd(piece, start);
    while (end < piece.length && isBlank(piece, start, end)) {
      start = end;
      end = recordEnd(piece, start);
      this.linesBefore++;
    }
    const header = piece.subarray(start, end);
    if (isBlank(header, 0, header.length)) return header;
    if (header.includes(0)) {
      this.refuse("the file is not text", "a trace is a CSV in UTF-8; a spreadsheet, a Parquet file or UTF-16 must be saved as one first");
    }
    if (header[0] === 0x5b)
      this.refuse("the file is one JSON list", "a trace is a CSV, or JSON lines: an object for each request on a line of its own");
    this.json = header[0] === 0x7b;
    const names = this.json ? Object.keys(firstObject(header, this)) : firstRecord(header, this);
    this.layout = layoutOf(names, this.map, this.hashBlock, placeOf(header, 0, 0, this));
    if (this.json) return piece.subarray(start);
    this.linesBefore += countNewlines(header);
    return piece.subarray(end);
  }

  /** Whether the first time is a date; otherwise times are seconds. */
  private clockOf(bytes: Uint8Array, layout: Layout): Clock {
    let start = 0;
    while (isBlank(bytes, start, recordEnd(bytes, start))) start = recordEnd(bytes, start);
    const first = bytes.subarray(start, recordEnd(bytes, start));
    const name = layout.names[layout.time];
    const time = this.json ? String(firstObject(first, this)[name]) : (firstRecord(first, this)[layout.time] ?? "");
    if (/^\d{4}-\d/.test(time)) return "datetime";
    if (needsUnit(name)) {
      this.refuse(`\`${name}\` holds seconds in some traces and milliseconds in others`, "say which: map: timeUnit=ms, or timeUnit=s");
    }
    return "s";
  }
}

function firstRecord(bytes: Uint8Array, source: Source): string[] {
  const [first = []] = records(bytes, source);
  return first;
}

function hasByteOrderMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}
