import { absent, amount, percent, seconds, shortDuration, thousands } from "../../base/format.ts";
import type { ProfileError } from "../../scenario/profile-error.ts";
import { type DataTable, left, line, nameAndNumbers, right } from "../data-table.ts";
import type { EngineSheet } from "./engine-sheet.ts";

/** One line of a list of profiles. */
export interface ListedProfile {
  readonly name: string;
  readonly how: string;
  readonly asOf: string;
  readonly source: string;
  readonly error?: ProfileError | undefined;
  /** Mean seconds of a start from nothing, of a cold start. */
  readonly start_s?: number | undefined;
  /** Most attempts of one request at one target, of a client. */
  readonly attempts?: number | undefined;
}

export function listTable(kind: string, profiles: readonly ListedProfile[], note?: string): DataTable {
  const lines = profiles.map(({ name, how, asOf, source, error, start_s, attempts }) => {
    const start = start_s === undefined ? absent : seconds(start_s);
    const most = attempts === undefined ? absent : thousands(attempts);
    return line(name, how, asOf, median(error?.tpot), median(error?.ttft), start, most, source);
  });
  const errors = [right("TPOT error"), right("TTFT error")];
  const columns = [left("name"), left("how"), left("as of"), ...errors, right("mean start"), right("attempts"), left("source")];
  const table = { caption: `${kind} (${profiles.length})`, columns, lines, ...(note === undefined ? {} : { note }) };
  const errorsKnown = profiles.some(({ error }) => error?.tpot !== undefined);
  const startsKnown = profiles.some(({ start_s }) => start_s !== undefined);
  const attemptsKnown = profiles.some(({ attempts }) => attempts !== undefined);
  return without(table, [...(errorsKnown ? [] : [3, 4]), ...(startsKnown ? [] : [5]), ...(attemptsKnown ? [] : [6])]);
}

function median(error: number | undefined): string {
  return error === undefined ? absent : percent(error, 1);
}

function without(table: DataTable, columns: readonly number[]): DataTable {
  const keep = (_: unknown, i: number) => !columns.includes(i);
  return {
    ...table,
    columns: table.columns.filter(keep),
    lines: table.lines.map((one) => ({ ...one, cells: one.cells.filter(keep) })),
  };
}

/** What an engine comes to, for `models show`. */
export function sheetTables(sheet: EngineSheet): DataTable[] {
  return [coefficients(sheet), capacity(sheet)];
}

function coefficients({ coefficients: all, headAtBest_s }: EngineSheet): DataTable {
  const time = (value: number | undefined) => (value === undefined ? absent : shortDuration(value, 4));
  const lines = all.map(({ name, value_s, atBest_s }) => {
    const reached = atBest_s === undefined || value_s <= 0 ? absent : percent(atBest_s / value_s, 0);
    return line(name, time(value_s), time(atBest_s), reached);
  });
  const columns = nameAndNumbers("coefficient", "value", "at best", "reached");
  if (headAtBest_s === undefined) return { caption: "Step time", columns, lines };
  const best = "at best: bytes at the memory's full bandwidth, FLOP at the GPU's peak";
  const note = `${best}; the output head's ${time(headAtBest_s)} are in overhead or denseFloor, and not counted here.`;
  return { caption: "Step time", columns, lines, note };
}

function capacity({ kv, decode, steady, kneeTokens }: EngineSheet): DataTable {
  const bytes = kv.bytes === undefined ? "" : `, ${amount(kv.bytes / 1e9)} GB at ${thousands(kv.bytesPerToken!)} bytes each`;
  const lines = [line("KV", `${thousands(kv.blocks)} blocks: ${thousands(kv.tokens)} tokens${bytes}`)];
  if (decode !== undefined) {
    const batch = `${thousands(decode.sequences)} sequences of ${thousands(decode.contextTokens)} tokens`;
    lines.push(
      line("decoding alone", `${thousands(decode.tokens_per_s)} tokens/s with ${batch}, ${shortDuration(decode.iteration_s, 3)} each`),
    );
  }
  if (steady !== undefined) {
    const lengths = `${thousands(steady.inputTokens)} tokens in, ${thousands(steady.outputTokens)} out`;
    const batch = `${thousands(steady.sequences)} decoding, ${shortDuration(steady.iteration_s, 3)} each`;
    lines.push(line("no more than", `${amount(steady.requests_per_s)} requests/s of ${lengths}; ${batch}`));
  }
  if (kneeTokens !== undefined)
    lines.push(line("knee", `computing takes longer than reading weights from ${thousands(kneeTokens)} tokens on`));
  const table = { caption: "One replica", columns: [left("figure"), left("value")], lines };
  return steady === undefined ? table : { ...table, note: "no more than: batches vary, so a simulation reaches fewer requests/s." };
}
