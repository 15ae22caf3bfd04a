import { PlanError, type PlanErrorDetails } from "../../../src/base/plan-error.ts";
import { traceFromCsv, type TraceOptions } from "../../../src/traffic/csv/trace-reader.ts";
import type { Trace } from "../../../src/traffic/trace.ts";

/** A trace from a text, read in blocks of so many bytes. */
export function readText(text: string, map?: string, blockSize?: number, options?: TraceOptions): Trace {
  return readBytes(new TextEncoder().encode(text), map, blockSize, options);
}

export function readBytes(bytes: Uint8Array, map?: string, blockSize?: number, options: TraceOptions = {}): Trace {
  let position = 0;
  const read = (into: Uint8Array): number => {
    const part = bytes.subarray(position, position + into.length);
    into.set(part);
    position += part.length;
    return part.length;
  };
  return traceFromCsv("day.csv", read, { map, ...options }, blockSize);
}

/** What the user is told about a call that must fail. */
export function mistake(call: () => unknown): PlanErrorDetails {
  try {
    call();
  } catch (error) {
    if (error instanceof PlanError) return error.details;
    throw error;
  }
  throw new Error("nothing was wrong");
}
