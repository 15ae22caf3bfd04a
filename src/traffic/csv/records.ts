const quote = 0x22;
const newline = 0x0a;
const comma = 0x2c;
const brace = 0x7b;

/** A record longer than this, in bytes, is a quote that was never closed, or no CSV at all. */
const longestRecord = 16 * 1024 * 1024;

/**
 * Cuts a stream of bytes into pieces of whole records, a megabyte or so each, so that a large file is never held at once.
 * A newline inside quotes does not end a record; of JSON lines every newline does. The pieces share one buffer: each is valid until the next is asked for.
 * @param read fills the array from its start and returns how many bytes it put there, 0 at the end
 * @param tooLong called when a record is longer than `longestRecord`
 * @param size of the buffer at first, in bytes; it grows for longer records
 */
export function* wholeRecords(read: (into: Uint8Array) => number, tooLong: () => never, size = 1024 * 1024): Generator<Uint8Array> {
  let buffer = new Uint8Array(size);
  let filled = 0;
  let start: number | undefined;
  for (;;) {
    if (filled === buffer.length) {
      if (filled >= longestRecord) tooLong();
      const wider = new Uint8Array(2 * filled);
      wider.set(buffer);
      buffer = wider;
    }
    const got = read(buffer.subarray(filled));
    filled += got;
    const bytes = buffer.subarray(0, filled);
    start ??= bytes.find((byte) => byte > 0x20 && byte < 0x80);
    const cut = got === 0 ? filled : start === brace ? bytes.lastIndexOf(newline) + 1 : lastRecordEnd(bytes);
    if (cut > 0) yield buffer.subarray(0, cut);
    if (got === 0) return;
    buffer.copyWithin(0, cut, filled);
    filled -= cut;
  }
}

/** Just past the last newline that ends a record; 0 when there is none. */
function lastRecordEnd(bytes: Uint8Array): number {
  if (!bytes.includes(quote)) return bytes.lastIndexOf(newline) + 1;
  let quoted = false;
  let end = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === quote) quoted = !quoted;
    else if (byte === newline && !quoted) end = at + 1;
  }
  return end;
}

/** Just past the newline that ends the record starting at `start`, or the length when none does. A `""` in quotes closes and reopens them. */
export function recordEnd(bytes: Uint8Array, start: number): number {
  let quoted = false;
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === quote) quoted = !quoted;
    else if (byte === newline && !quoted) return at + 1;
  }
  return bytes.length;
}

/** Where a cell stands, lines counted from 0 at the start of the bytes, columns from 1, and the line that it starts in. */
export interface CellPlace {
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

/** Finds a cell by the numbers of its record, blank lines not counted, and of its place therein, both from 0. */
export function locate(bytes: Uint8Array, record: number, cell: number): CellPlace {
  let start = 0;
  for (let left = record; start < bytes.length;) {
    const end = recordEnd(bytes, start);
    if (!isBlank(bytes, start, end) && left-- === 0) break;
    start = end;
  }
  let at = start;
  let quoted = false;
  for (let left = cell; left > 0 && at < bytes.length; at++) {
    if (bytes[at] === quote) quoted = !quoted;
    else if (bytes[at] === comma && !quoted) left--;
  }
  const lineStart = at === 0 ? 0 : bytes.lastIndexOf(newline, at - 1) + 1;
  const lineEnd = bytes.indexOf(newline, at);
  const decoder = new TextDecoder();
  const before = decoder.decode(bytes.subarray(lineStart, at));
  const text = decoder.decode(bytes.subarray(lineStart, lineEnd < 0 ? bytes.length : lineEnd)).trimEnd();
  return { line: countNewlines(bytes.subarray(0, lineStart)), column: before.length + 1, text };
}

export function countNewlines(bytes: Uint8Array): number {
  let newlines = 0;
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) newlines++;
  return newlines;
}

/** Whether there is only white space between two positions. */
export function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] !== 0x20 && !(bytes[at] >= 0x09 && bytes[at] <= 0x0d)) return false;
  return true;
}
