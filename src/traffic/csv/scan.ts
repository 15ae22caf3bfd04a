import type { TraceRows } from "../trace-rows.ts";
import type { Layout } from "./layout.ts";
import type { Clock, Moment } from "./moment.ts";
import { readTokens } from "./tokens.ts";

const comma = 0x2c;
const newline = 0x0a;
const carriageReturn = 0x0d;
const quote = 0x22;

/**
 * Reads plain rows straight from their bytes, up to the first that is anything else: with a quote, too few or too many cells,
 * blank, or with a cell that is not what its column wants. What that row is, and what is wrong with it, a proper parser decides.
 * @param bytes whole rows
 * @returns where the first row starts that was not taken; the length when all were
 */
export function scanRows(bytes: Uint8Array, layout: Layout, clock: Clock, moment: Moment, rows: TraceRows): number {
  const { time, input, output, cells } = layout;
  const length = bytes.length;
  let row = 0;
  while (row < length) {
    let at = row;
    let inputTokens = -1;
    let outputTokens = -1;
    for (let cell = 0; cell < cells; cell++) {
      const start = at;
      let byte = 0;
      while (at < length && (byte = bytes[at]!) !== comma && byte !== newline) {
        if (byte === quote) return row;
        at++;
      }
      const last = cell === cells - 1;
      if (last === (at < length && byte === comma)) return row;
      const end = last && at < length && at > start && bytes[at - 1] === carriageReturn ? at - 1 : at;
      if (cell === time) {
        if (!moment.read(clock, bytes, start, end)) return row;
      } else if (cell === input) {
        if ((inputTokens = readTokens(bytes, start, end)) < 0) return row;
      } else if (cell === output) {
        if ((outputTokens = readTokens(bytes, start, end)) < 0) return row;
      }
      at++;
    }
    if (inputTokens === 0 && outputTokens > 0) return row;
    if (!rows.take(moment.seconds, moment.nanoseconds, inputTokens, outputTokens)) return row;
    row = Math.min(at, length);
  }
  return length;
}
