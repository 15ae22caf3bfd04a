import { nameHint } from "../../base/nearest.ts";
import { PlanError } from "../../base/plan-error.ts";
import { type Clock, clocks } from "../../traffic/csv/moment.ts";
import type { MeasurementTable } from "./measurement-table.ts";

/**
 * What a column may be, and under which names it is known without a map. Times are in seconds from the request's arrival, but for
 * `arrival`, `first` and `last`, which are moments of one clock.
 */
const knownNames = {
  arrival: ["arrival", "arrival_s", "arrival_ms", "queued_ts"],
  input: ["input", "input_tokens", "input_toks", "isl"],
  output: ["output", "output_tokens", "output_toks", "osl"],
  ttft: ["ttft", "ttft_s", "ttft_ms", "ttft_mean_ms"],
  total: ["total", "total_s", "total_ms"],
  first: ["first", "first_token_ts"],
  last: ["last", "last_token_ts"],
  concurrency: ["concurrency"],
  tpot: ["tpot", "tpot_s", "tpot_ms", "tpot_mean_ms"],
} as const;

export type MeasurementRole = keyof typeof knownNames;

const roles = Object.keys(knownNames) as MeasurementRole[];

/** Which column of a table is which, and in which unit its times are. */
export interface MeasurementColumns {
  has(role: MeasurementRole): boolean;
  /** The number of the column, from 0. @throws PlanError when there is none */
  position(role: MeasurementRole): number;
  /** Its name in the file. */
  name(role: MeasurementRole): string;
  /** The unit that the column's times are in, or a date. */
  clock(role: MeasurementRole): Clock;
  /** What became of a request, where the rows say that some were served; undefined where they do not. */
  readonly outcome: string | undefined;
}

const example = "arrival=queued_at,input=prompt_tokens,output=completion_tokens,ttft=ttft_ms,total=latency_ms";

/**
 * @param map as `--map` gives it: names of columns by role, each with its unit behind a colon when the name does not end in it, and
 * `timeUnit` when that is so of all
 */
export function measurementColumns(table: MeasurementTable, map: string | undefined): MeasurementColumns {
  const given = parseMap(map);
  const units = takeUnits(given, table);
  const named = (role: MeasurementRole): string | undefined =>
    given.get(role) ?? knownNames[role].find((name) => table.columns.some((column) => column.toLowerCase() === name));
  const position = (role: MeasurementRole): number => {
    const name = named(role);
    if (name === undefined) throw unknownColumn(role, table);
    const at = table.columns.findIndex((column) => column === name || (!given.has(role) && column.toLowerCase() === name));
    if (at >= 0) return at;
    const message = `the map names a column \`${name}\` that is not there`;
    throw new PlanError({ code: "unknown-name", message, place: table.header, hint: nameHint(name, table.columns) });
  };
  return {
    has: (role) => named(role) !== undefined,
    position,
    name: (role) => table.columns[position(role)],
    clock: (role) => units.get(role) ?? (given.get("timeUnit") as Clock | undefined) ?? clockOf(table, position(role)),
    outcome: table.columns.find((name, i) => /^outcome$/i.test(name) && table.rows.some(({ cells }) => cells[i] === served)),
  };
}

/** What the simulator's own list of requests calls one that had its answer. */
export const served = "served";

/** Takes the units off the names of columns, `latency:ms` unless there is a column of that name. Changes `given`. */
function takeUnits(given: Map<string, string>, { columns }: MeasurementTable): ReadonlyMap<string, Clock> {
  const units = new Map<string, Clock>();
  for (const [role, text] of given) {
    const [, name, unit] = /^(.+):(s|ms|us|ns)$/.exec(text) ?? [];
    if (unit === undefined || columns.includes(text)) continue;
    given.set(role, name);
    units.set(role, unit as Clock);
  }
  return units;
}

function parseMap(map: string | undefined): Map<string, string> {
  const given = new Map<string, string>();
  for (const part of map === undefined ? [] : map.split(",")) {
    const [key, value] = part.split(/=(.*)/s).map((word) => word.trim());
    const known = [...roles, "timeUnit"];
    if (value === undefined || value === "") fail("bad-syntax", "every part must be key=value", part, `write it like ${example}`);
    else if (!known.includes(key)) fail("unknown-key", `there is no \`${key}\` in a request or a row`, part, nameHint(key, known));
    else if (given.has(key)) fail("contradiction", `\`${key}\` is given twice`, map!, `write it like ${example}`);
    else given.set(key, value);
  }
  const unit = given.get("timeUnit");
  if (unit !== undefined && !(clocks as readonly string[]).includes(unit)) {
    fail("unknown-name", `timeUnit must be one of ${clocks.join(", ")}`, unit, nameHint(unit, clocks));
  }
  return given;
}

function fail(code: "bad-syntax" | "unknown-key" | "contradiction" | "unknown-name", message: string, value: string, hint: string): never {
  throw new PlanError({ code, path: "--map", message, value, hint });
}

/** Seconds, unless the column's name ends in another unit, as `ttft_ms` and `TTFT (ms)` do, or its first cell is a date. */
function clockOf(table: MeasurementTable, column: number): Clock {
  if (/^\d{4}-\d/.test(table.rows[0]?.cells[column] ?? "")) return "datetime";
  const unit = /[_ (](s|ms|us|ns)\)?$/.exec(table.columns[column])?.[1];
  return (unit as Clock | undefined) ?? "s";
}

function unknownColumn(role: MeasurementRole, { columns, header }: MeasurementTable): PlanError {
  const either = role === "ttft" ? " or first" : role === "total" ? " or last" : "";
  return new PlanError({
    code: "bad-trace",
    message: `no column that is known as ${role}${either}`,
    place: header,
    value: columns.slice(0, 40).join(", "),
    hint: `say which column is which: --map "${example}"; rows of a benchmark have concurrency, input, output, ttft and tpot`,
  });
}
