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
  /** Most reads per second of one replica, of a vector store. */
  readonly reads_per_s?: number | undefined;
}

/** What only some kinds of profiles have; a list without any of it leaves the column out. */
const columnsOfKinds: readonly (readonly [title: string, text: (profile: ListedProfile) => string | undefined])[] = [
  ["TPOT error", ({ error }) => known(error?.tpot, median)],
  ["TTFT error", ({ error }) => known(error?.ttft, median)],
  ["mean start", ({ start_s }) => known(start_s, seconds)],
  ["attempts", ({ attempts }) => known(attempts, thousands)],
  ["most reads /s", ({ reads_per_s }) => known(reads_per_s, thousands)],
];

export function listTable(kind: string, profiles: readonly ListedProfile[], note?: string): DataTable {
  const columnsKnown = columnsOfKinds.filter(([, text]) => profiles.some((profile) => text(profile) !== undefined));
  const lines = profiles.map((profile) => {
    const numbers = columnsKnown.map(([, text]) => text(profile) ?? absent);
    return line(profile.name, profile.how, profile.asOf, ...numbers, profile.source);
  });
  const name = { ...left("name"), whole: true };
  const columns = [name, left("how"), left("as of"), ...columnsKnown.map(([title]) => right(title)), left("source")];
  return { caption: `${kind} (${profiles.length})`, columns, lines, ...(note === undefined ? {} : { note }) };
}

function known(value: number | undefined, print: (value: number) => string): string | undefined {
  return value === undefined ? undefined : print(value);
}

function median(error: number): string {
  return percent(error, 1);
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
