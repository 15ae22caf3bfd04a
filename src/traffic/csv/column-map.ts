import { nameHint } from "../../base/nearest.ts";
import { PlanError } from "../../base/plan-error.ts";
import { type Clock, clocks } from "./moment.ts";

/** What a trace needs of each row. */
export const roles = ["time", "input", "output"] as const;
export type Role = (typeof roles)[number];
/** And what it may have besides: which blocks of tokens a prompt begins with. */
export type Column = Role | "hashes";

/** What a scenario says about the columns of a trace, such as `time=ts,input=prompt_tokens,output=completion_tokens,timeUnit=ms`. */
export interface ColumnMap {
  /** Names of columns in the file. */
  readonly columns: { readonly [C in Column]?: string };
  /** Seen from the first row unless given: a date, or a number of seconds. */
  readonly clock: Clock | undefined;
  /** Leave out rows without output tokens, which are requests that failed, instead of refusing them. */
  readonly dropZeroOutput: boolean;
}

const choices = { timeUnit: [...clocks, "iso"], zeroOutput: ["drop", "error"] } as const;
const keys = [...roles, "hashes", ...Object.keys(choices)];
const example = "time=ts,input=prompt_tokens,output=completion_tokens,timeUnit=ms";

/** Reads a map; a key that is not known, given twice or without a value is a mistake. */
export function parseColumnMap(text: string | undefined): ColumnMap {
  const given: { [key: string]: string } = {};
  for (const part of text === undefined ? [] : text.split(",")) {
    const equals = part.indexOf("=");
    const key = part.slice(0, Math.max(0, equals)).trim();
    const value = part.slice(equals + 1).trim();
    if (equals < 0 || value === "") fail("bad-syntax", "every part of a map must be key=value", part.trim(), `write it like ${example}`);
    if (!keys.includes(key)) fail("unknown-key", `a map has no key \`${key}\``, part.trim(), nameHint(key, keys));
    if (Object.hasOwn(given, key)) fail("contradiction", `the map gives \`${key}\` twice`, text, `write it like ${example}`);
    given[key] = value;
  }
  for (const [key, allowed] of Object.entries(choices)) {
    const value = given[key];
    if (value !== undefined && !(allowed as readonly string[]).includes(value)) {
      fail("unknown-name", `a map's ${key} must be one of ${allowed.join(", ")}`, value, nameHint(value, allowed));
    }
  }
  const { timeUnit, zeroOutput, ...columns } = given;
  return { columns, clock: timeUnit === "iso" ? "datetime" : (timeUnit as Clock | undefined), dropZeroOutput: zeroOutput === "drop" };
}

function fail(
  code: "bad-syntax" | "unknown-key" | "unknown-name" | "contradiction",
  message: string,
  value: string | undefined,
  hint: string,
): never {
  throw new PlanError({ code, message, value, hint });
}
