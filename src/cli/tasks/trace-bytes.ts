import { createHash } from "node:crypto";
import { exactJson, parseExactJson } from "../../base/exact-json.ts";
import type { Trace } from "../../traffic/trace.ts";
import type { TraceHashes } from "../../traffic/trace-hashes.ts";

/** All of a trace but its columns and where it was read from. */
interface Head extends Pick<Trace, "count" | "duration" | "hash" | "dropped" | "outOfOrder"> {
  readonly hashes?: Pick<TraceHashes, "block" | "distinct">;
  /** Numbers in each column. */
  readonly lengths: readonly number[];
}

type Column = Float64Array | Int32Array;

const known = new WeakMap<Trace, string>();

/** SHA-256 of what a trace holds, in hexadecimal digits; where it was read from does not count. Worked out once for each trace. */
export function traceHash(trace: Trace): string {
  let hash = known.get(trace);
  if (hash === undefined) {
    const digest = createHash("sha256");
    for (const part of partsOf(trace)) digest.update(part);
    known.set(trace, (hash = digest.digest("hex")));
  }
  return hash;
}

/** A trace as bytes: the length of a head, the head, and the columns as they lie in memory. */
export function traceBytes(trace: Trace): Buffer {
  return Buffer.concat(partsOf(trace));
}

/** The trace that was made into these bytes. @param name where it was read from, for messages */
export function traceFromBytes(bytes: Uint8Array, name: string): Trace {
  const headLength = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  let at = 4 + headLength;
  const text = new TextDecoder().decode(bytes.subarray(4, at));
  const { hashes, lengths, ...head } = parseExactJson(text) as Head;
  const column = <T extends Column>(kind: new (buffer: ArrayBuffer) => T & { BYTES_PER_ELEMENT: number }, index: number): T => {
    const size = lengths[index] * (index === 0 ? 8 : 4);
    return new kind(new Uint8Array(bytes.subarray(at, (at += size))).buffer);
  };
  const columns = { time: column(Float64Array, 0), inputTokens: column(Int32Array, 1), outputTokens: column(Int32Array, 2) };
  if (hashes === undefined) return { ...head, name, ...columns };
  return { ...head, name, ...columns, hashes: { ...hashes, starts: column(Int32Array, 3), keys: column(Int32Array, 4) } };
}

function partsOf({ name: _, time, inputTokens, outputTokens, hashes, ...rest }: Trace): Uint8Array[] {
  const columns: Column[] = [time, inputTokens, outputTokens, ...(hashes === undefined ? [] : [hashes.starts, hashes.keys])];
  const head: Head = {
    ...rest,
    ...(hashes === undefined ? {} : { hashes: { block: hashes.block, distinct: hashes.distinct } }),
    lengths: columns.map(({ length }) => length),
  };
  const text = Buffer.from(exactJson(head));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return [length, text, ...columns.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength))];
}
