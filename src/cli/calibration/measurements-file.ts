import { PlanError } from "../../base/plan-error.ts";
import type { BenchmarkRow, MeasuredRequest } from "../../experiment/calibration/measurements.ts";
import { type Clock, Moment } from "../../traffic/csv/moment.ts";
import { type MeasurementColumns, measurementColumns, type MeasurementRole, served } from "./measurement-columns.ts";
import { type MeasurementRow, type MeasurementTable, readMeasurementTable } from "./measurement-table.ts";

/** What a file of measurements holds: requests in order of arrival, or rows of a benchmark. */
export interface Measurements {
  readonly file: string;
  readonly hash: string;
  readonly columns: MeasurementColumns;
  /** The latest day that the file names, as YYYY-MM-DD; undefined where it names none. */
  readonly day: string | undefined;
  readonly requests: readonly MeasuredRequest[] | undefined;
  readonly rows: readonly BenchmarkRow[] | undefined;
}

/** Fewer tell more about chance than about an engine. */
const fewest = { requests: 30, rows: 4 } as const;

/** More would take minutes to fit, and not fit better. */
const most = { requests: 5000, rows: 500 } as const;

/**
 * Reads measured requests or, where there is a column of concurrency, rows of a benchmark.
 * @param where values that a row must have to be taken, as column=value
 * @throws PlanError at the line and column of the first thing that is wrong
 */
export function readMeasurements(file: string, options: { map?: string | undefined; where?: readonly string[] } = {}): Measurements {
  const whole = readMeasurementTable(file);
  const table = { ...whole, rows: whole.rows.filter(matching(options.where ?? [], whole)) };
  const columns = measurementColumns(table, options.map);
  const isBenchmark = columns.has("concurrency");
  const known = { file, hash: table.hash, columns, day: latestDay(table) };
  if (isBenchmark) {
    const rows = benchmarkRows(table, columns);
    requireEnough(rows.length, "rows", table);
    return { ...known, rows, requests: undefined };
  }
  const requests = measuredRequests(table, columns);
  requireEnough(requests.length, "requests", table);
  const longer = requests.filter(({ outputTokens }) => outputTokens > 1).length;
  if (longer < fewest.requests) {
    const message = `has ${longer} requests of at least 2 output tokens, and a fit needs ${fewest.requests} for the time per token`;
    throw new PlanError({ code: "out-of-range", message, place: { file } });
  }
  return { ...known, requests, rows: undefined };
}

function requireEnough(found: number, noun: "requests" | "rows", { file }: MeasurementTable): void {
  const place = { file };
  if (found < fewest[noun]) {
    throw new PlanError({ code: "out-of-range", message: `has ${found} ${noun}, and a fit needs at least ${fewest[noun]}`, place });
  }
  if (found > most[noun]) {
    const hint = noun === "rows" ? "take those of one engine, with --where column=value" : "cut out a part of the run";
    throw new PlanError({ code: "out-of-range", message: `has ${found} ${noun}, and a fit takes at most ${most[noun]}`, place, hint });
  }
}

function matching(where: readonly string[], table: MeasurementTable): (row: MeasurementRow) => boolean {
  const conditions = where.map((text) => {
    const [name, value] = text.split(/=(.*)/s);
    const column = table.columns.indexOf(name.trim());
    if (value === undefined || column < 0) {
      const message = value === undefined ? "must be column=value" : `there is no column \`${name}\``;
      throw new PlanError({ code: "bad-flag", path: "--where", message, value: text, hint: `columns: ${table.columns.join(", ")}` });
    }
    return { column, value: value.trim() };
  });
  return ({ cells }) => conditions.every(({ column, value }) => cells[column] === value);
}

function measuredRequests(table: MeasurementTable, columns: MeasurementColumns): MeasuredRequest[] {
  const origin = table.rows[0] === undefined ? undefined : momentIn(table.rows[0], columns, "arrival");
  const requests = table.rows.map((row) => {
    const arrival = momentIn(row, columns, "arrival");
    const since = (role: MeasurementRole): number => secondsBetween(arrival, momentIn(row, columns, role));
    const ttft = columns.has("ttft") || !columns.has("first") ? secondsIn(row, columns, "ttft") : since("first");
    const total = columns.has("total") || !columns.has("last") ? secondsIn(row, columns, "total") : since("last");
    const ttftRole = columns.has("ttft") ? "ttft" : "first";
    if (!(ttft > 0)) throw wrong(row, columns, ttftRole, "must be later than the arrival", withoutAnswer(columns));
    if (total < ttft) throw wrong(row, columns, columns.has("total") ? "total" : "last", `must be at least the TTFT, ${ttft} s`);
    const [inputTokens, outputTokens] = [tokensIn(row, columns, "input"), tokensIn(row, columns, "output")];
    if (outputTokens > 1 && total === ttft) throw wrong(row, columns, "output", "cannot all come at one moment: total is the TTFT");
    return { arrivedAt: secondsBetween(origin!, arrival), inputTokens, outputTokens, ttft, total };
  });
  requests.sort((a, b) => a.arrivedAt - b.arrivedAt);
  const start = requests[0]?.arrivedAt ?? 0;
  return requests.map((request) => Object.assign(request, { arrivedAt: request.arrivedAt - start }));
}

function benchmarkRows(table: MeasurementTable, columns: MeasurementColumns): BenchmarkRow[] {
  return table.rows.map((row) => {
    const positive = (role: MeasurementRole): number => {
      const seconds = secondsIn(row, columns, role);
      if (!(seconds > 0)) throw wrong(row, columns, role, "must be above 0");
      return seconds;
    };
    const [concurrency, inputTokens] = [tokensIn(row, columns, "concurrency"), tokensIn(row, columns, "input")];
    const outputTokens = tokensIn(row, columns, "output");
    if (outputTokens < 2) throw wrong(row, columns, "output", "must be at least 2, or there is no time per token");
    return { concurrency, inputTokens, outputTokens, measured: { ttft: positive("ttft"), tpot: positive("tpot") } };
  });
}

/** A whole number above 0, as tokens and clients are. */
function tokensIn(row: MeasurementRow, columns: MeasurementColumns, role: MeasurementRole): number {
  const text = row.cells[columns.position(role)];
  const value = Number(text);
  if (text === "" || !Number.isInteger(value) || value < 1 || value > 10_000_000) {
    throw wrong(row, columns, role, "must be a whole number from 1 to 10,000,000");
  }
  return value;
}

const unitsOf: Readonly<Record<Clock, number>> = { s: 1, ms: 1e3, us: 1e6, ns: 1e9, datetime: NaN };

function secondsIn(row: MeasurementRow, columns: MeasurementColumns, role: MeasurementRole): number {
  const text = row.cells[columns.position(role)];
  const seconds = Number(text) / unitsOf[columns.clock(role)];
  if (text === "") throw wrong(row, columns, role, "must be a time, and the cell is empty", withoutAnswer(columns));
  if (!Number.isFinite(seconds)) throw wrong(row, columns, role, "must be a time, a number of its unit");
  return seconds;
}

function momentIn(row: MeasurementRow, columns: MeasurementColumns, role: MeasurementRole): Moment {
  const moment = new Moment();
  const bytes = new TextEncoder().encode(row.cells[columns.position(role)]);
  if (bytes.length > 0 && moment.read(columns.clock(role), bytes, 0, bytes.length)) return moment;
  const hint = bytes.length === 0 ? withoutAnswer(columns) : undefined;
  throw wrong(row, columns, role, "must be a moment: a number of its unit, or a date with a time of day", hint);
}

/** How to take only requests that have times. */
function withoutAnswer({ outcome }: MeasurementColumns): string {
  return outcome === undefined ? "leave requests without an answer out: --where column=value" : `--where ${outcome}=${served}`;
}

function secondsBetween(from: Moment, to: Moment): number {
  return to.seconds - from.seconds + (to.nanoseconds - from.nanoseconds) / 1e9;
}

function wrong(row: MeasurementRow, columns: MeasurementColumns, role: MeasurementRole, message: string, hint?: string): PlanError {
  const at = columns.position(role);
  return new PlanError({ code: "bad-trace", message: `${role} ${message}`, place: row.place(at), value: row.cells[at] || undefined, hint });
}

/** The latest of all cells that are dates, or seconds since 1970 of this century, in columns that by their names hold times. */
function latestDay({ columns, rows }: MeasurementTable): string | undefined {
  const dated = columns.flatMap((name, i) => (/date|time|arriv|_ts$|_at$/i.test(name) ? [i] : []));
  const days = rows.flatMap(({ cells }) => dated.map((column) => dayOf(cells[column])).filter((day) => day !== undefined));
  return days.reduce<string | undefined>((latest, day) => (latest === undefined || day > latest ? day : latest), undefined);
}

function dayOf(cell: string): string | undefined {
  const date = /^(2\d{3}-[01]\d-[0-3]\d)/.exec(cell)?.[1];
  if (date !== undefined) return date;
  const seconds = Number(cell);
  return cell !== "" && seconds > 1e9 && seconds < 4e9 ? new Date(seconds * 1000).toISOString().slice(0, 10) : undefined;
}
