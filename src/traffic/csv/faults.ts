import type { Role } from "./column-map.ts";
import { type Clock, latestSeconds } from "./moment.ts";
import { mostTokens } from "./tokens.ts";

/** What is wrong with a cell, as a clause that can follow its column's name, and how to mend it. */
export interface Fault {
  readonly message: string;
  readonly hint: string;
}

/** Explains a cell that could not be read, or was read and refused: the text, trimmed, of a row's time, input or output. */
export function faultOf(role: Role, text: string, clock: Clock): Fault {
  if (text === "")
    return { message: "is empty", hint: "every row needs a time and both token counts; leave the row out if it is no request" };
  return role === "time" ? timeFault(text, clock) : tokenFault(role, text);
}

function tokenFault(role: "input" | "output", text: string): Fault {
  const hint = `a whole number of tokens from 1 to ${mostTokens}`;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) return { message: "is not a number", hint };
  if (text.startsWith("-")) return { message: "must not be negative", hint };
  if (Number(text) > mostTokens) return { message: "is too large", hint };
  if (!/^\d+(\.0*)?$/.test(text)) return { message: "must be a whole number, written with digits only", hint };
  return role === "output"
    ? { message: "is 0, the mark of a request that failed", hint: "map: zeroOutput=drop leaves such rows out and counts them" }
    : { message: "must be at least 1, since there is no empty prompt", hint };
}

function timeFault(text: string, clock: Clock): Fault {
  if (clock === "datetime") {
    const shaped = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d/.test(text);
    return { message: shaped ? "is not a moment that exists, or ends in something else" : "is not a date and time", hint: datetimeHint };
  }
  const unit = `a number of ${clock}, as ${clock === "s" ? "a time column holds unless its map has a timeUnit" : "the map says"}`;
  if (/^\d{4}-\d\d-\d\d/.test(text)) return { message: `must be ${unit}`, hint: "map: timeUnit=iso when all times of the file are dates" };
  const value = Number(text);
  if (Number.isNaN(value)) return { message: "is not a time", hint: `${unit}, or a date like ${datetimeHint}` };
  if (value < 0) return { message: "must not be negative", hint: unit };
  if (value >= latestSeconds) return { message: "is out of range", hint: `${unit}; is it of a smaller unit? map: timeUnit=ms, us or ns` };
  return { message: "is not a plain number", hint: unit };
}

const datetimeHint = "2026-03-10 18:17:03.9799600, in UTC or with an offset such as +02:00";
