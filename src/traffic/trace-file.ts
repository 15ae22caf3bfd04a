import { closeSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import { basename, dirname } from "node:path";
import { gunzipSync } from "node:zlib";
import { nearest } from "../base/nearest.ts";
import { PlanError } from "../base/plan-error.ts";
import { traceFromCsv, type TraceOptions } from "./csv/trace-reader.ts";
import type { Trace } from "./trace.ts";

/**
 * Reads a trace from a CSV file or JSON lines, plain or compressed by gzip. A plain one may be larger than memory could hold as text;
 * a compressed one is unpacked in memory.
 * @throws PlanError at the line and column of the first thing that is wrong
 */
export function readTrace(file: string, options: TraceOptions = {}): Trace {
  return withFile(file, (descriptor) => {
    const start = new Uint8Array(2);
    const compressed = readSync(descriptor, start, 0, 2, 0) === 2 && start[0] === 0x1f && start[1] === 0x8b;
    let position = 0;
    const read = compressed
      ? fromBytes(unpacked(file))
      : (into: Uint8Array): number => {
          const got = readSync(descriptor, into, 0, into.length, position);
          position += got;
          return got;
        };
    return traceFromCsv(file, read, options);
  });
}

function withFile<Result>(file: string, use: (descriptor: number) => Result): Result {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, "r");
    return use(descriptor);
  } catch (error) {
    throw error instanceof PlanError ? error : fileError(file, error as NodeJS.ErrnoException);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** The file system's refusal as the user's mistake; anything else is ours and stays what it is. */
function fileError(file: string, error: NodeJS.ErrnoException): Error {
  if (error.code === undefined || error.syscall === undefined) return error;
  const place = { file };
  if (error.code === "ENOENT" || error.code === "ENOTDIR") {
    const near = nearest(basename(file), filesBeside(file));
    return new PlanError({ code: "missing-file", message: "there is no such trace", place, hint: near && `did you mean \`${near}\`?` });
  }
  const reason = error.code === "EISDIR" ? "it is a folder" : error.code === "EACCES" ? "permission is denied" : error.code;
  return new PlanError({ code: "unreadable", message: `the trace cannot be read: ${reason}`, place });
}

function filesBeside(file: string): string[] {
  try {
    return readdirSync(dirname(file));
  } catch {
    return [];
  }
}

/** Most bytes that a compressed trace may unpack to, since they are held in memory: 2 GiB. */
const mostUnpacked = 2_147_483_648;

function unpacked(file: string): Uint8Array {
  try {
    return gunzipSync(readFileSync(file), { maxOutputLength: mostUnpacked });
  } catch (error) {
    const tooLarge = (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
    const message = tooLarge ? "the trace unpacks to more than 2 GiB" : "the trace is not a whole gzip file";
    throw new PlanError({ code: "unreadable", message, place: { file }, hint: "unpack it first: gunzip" });
  }
}

function fromBytes(bytes: Uint8Array): (into: Uint8Array) => number {
  let position = 0;
  return (into) => {
    const part = bytes.subarray(position, position + into.length);
    into.set(part);
    position += part.length;
    return part.length;
  };
}
