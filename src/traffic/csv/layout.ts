import { nameHint, nearest } from "../../base/nearest.ts";
import { PlanError, type Place } from "../../base/plan-error.ts";
import { type Column, type ColumnMap, type Role, roles } from "./column-map.ts";

/** Which column of a file is which, counted from 0, and how many there are. */
export interface Layout {
  readonly time: number;
  readonly input: number;
  readonly output: number;
  /** Undefined when the prompts' hashes are not wanted. */
  readonly hashes: number | undefined;
  /** Tokens that each hash stands for. */
  readonly hashBlock: number;
  readonly cells: number;
  /** The names of the columns, for messages. */
  readonly names: readonly string[];
}

/** Columns that are understood without a map: those of Azure's LLM inference traces, our own, and those of traces with hashes. */
const knownColumns: readonly { readonly [R in Role]: string }[] = [
  { time: "TIMESTAMP", input: "ContextTokens", output: "GeneratedTokens" },
  { time: "time", input: "input", output: "output" },
  { time: "timestamp", input: "input_length", output: "output_length" },
];
const knownHashes = "hash_ids";

/** Words in the names that other programs give to such columns, for the hint. */
const usualWords: { readonly [R in Role]: RegExp } = {
  time: /time|^ts$|date|start|created|arriv/i,
  input: /input|prompt|context|request.*token|tokens.?in/i,
  output: /output|completion|generat|response.*token|tokens.?out/i,
};

/**
 * Finds the columns that a map names, or else those that are known.
 * @param hashBlock tokens that each hash stands for; undefined when hashes are not wanted
 */
export function layoutOf(names: readonly string[], map: ColumnMap, hashBlock: number | undefined, place: Place): Layout {
  const unmapped = roles.filter((role) => map.columns[role] === undefined);
  const known = knownColumns.find((set) => unmapped.every((role) => names.includes(set[role])));
  if (known === undefined) {
    throw new PlanError({
      code: "bad-trace",
      message: `no column that is known as ${unmapped.join(" or ")}`,
      place,
      value: listed(names),
      hint: `${otherFormat(names) ?? ""}say which column is which: map: "${suggestedMap(names, map)}"`,
    });
  }
  const columns: { readonly [C in Column]?: string } = { ...known, ...(hashBlock && { hashes: knownHashes }), ...map.columns };
  const [time, input, output] = roles.map((role) => positionOf(columns[role]!, names, place)) as [number, number, number];
  const hashes = hashesOf(columns.hashes, map, hashBlock, names, place);
  const used = [...roles, "hashes"] as const;
  const double = used.find((role, i) => used.some((other, j) => i < j && columns[role] !== undefined && columns[role] === columns[other]));
  if (double !== undefined) {
    throw new PlanError({
      code: "contradiction",
      message: `the map uses the column \`${columns[double]}\` twice`,
      place,
      hint: listed(names),
    });
  }
  return { time, input, output, hashes, hashBlock: hashBlock ?? 0, cells: names.length, names };
}

/** Whether a column of times is one of those that hold seconds in some traces and milliseconds in others, whoever names it. */
export function needsUnit(name: string): boolean {
  return name === "timestamp";
}

function hashesOf(
  name: string | undefined,
  map: ColumnMap,
  hashBlock: number | undefined,
  names: readonly string[],
  place: Place,
): number | undefined {
  if (name === undefined) return undefined;
  if (hashBlock === undefined) {
    throw new PlanError({
      code: "missing-key",
      message: `the map names a column of hashes, \`${name}\`, and nothing says how many tokens each stands for`,
      place,
      hint: "add hashBlock beside the trace, such as hashBlock: 512",
    });
  }
  if (map.columns.hashes === undefined && !names.includes(name)) {
    throw new PlanError({
      code: "bad-trace",
      message: `hashBlock asks for a column of hashes, and there is no \`${name}\``,
      place,
      value: listed(names),
      hint: "say which column it is: map: hashes=…; or leave hashBlock out",
    });
  }
  return positionOf(name, names, place);
}

function positionOf(name: string, names: readonly string[], place: Place): number {
  const position = names.indexOf(name);
  if (position < 0) {
    throw new PlanError({
      code: "unknown-name",
      message: `the map names a column \`${name}\` that is not there`,
      place,
      hint: nameHint(name, names),
    });
  }
  if (names.includes(name, position + 1)) {
    throw new PlanError({ code: "bad-trace", message: `there are two columns \`${name}\``, place, hint: "rename one of them" });
  }
  return position;
}

function suggestedMap(names: readonly string[], map: ColumnMap): string {
  const taken = new Set(Object.values(map.columns));
  return roles
    .map((role) => {
      const free = names.filter((name) => !taken.has(name));
      const likely = map.columns[role] ?? free.find((name) => usualWords[role].test(name)) ?? nearest(role, free) ?? "…";
      taken.add(likely);
      return `${role}=${likely}`;
    })
    .join(",");
}

/** What the first row suggests when it is no header of a CSV. */
function otherFormat(names: readonly string[]): string | undefined {
  if (names.some((name) => name.includes("\r"))) return "its lines must end in a newline, not in a carriage return alone; then ";
  if (names.length === 1 && /[;\t|]/.test(names[0])) return "its cells must be separated by commas; then ";
  if (names.every((name) => /^[\d.:TZ+ -]*$/.test(name))) return "the first row must name the columns; then ";
  return undefined;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 40).map((name) => (name.length > 60 ? `${name.slice(0, 60)}…` : name));
  return shown.join(", ") + (names.length > shown.length ? `, and ${names.length - shown.length} more` : "");
}
