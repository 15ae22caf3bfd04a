import { assert } from "./assert.ts";

/**
 * JSON that tells apart what JSON alone does not: numbers that are not finite, minus zero, columns. What is read back equals what
 * was written bit for bit; keys that are undefined are left out. A value that JSON has no form for is an object with the key "$".
 */
export function exactJson(value: unknown): string {
  return JSON.stringify(written(value));
}

/** @throws SyntaxError when the text is no JSON */
export function parseExactJson(text: string): unknown {
  return read(JSON.parse(text) as Json);
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const columns = { Float64Array, Float32Array, Int32Array, Uint16Array, Uint8Array } as const;
type Column = InstanceType<(typeof columns)[keyof typeof columns]>;

const marker = "$";

function written(value: unknown): Json {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") return Number.isFinite(value) && !Object.is(value, -0) ? value : { [marker]: numberName(value) };
  if (value === undefined) return { [marker]: "undefined" };
  assert(typeof value === "object", `only data has a form in JSON, not a ${typeof value}`);
  if (Array.isArray(value)) return value.map(written);
  if (ArrayBuffer.isView(value)) return writtenColumn(value as Column);
  const entries = Object.entries(value).flatMap(([key, one]): [string, Json][] => (one === undefined ? [] : [[key, written(one)]]));
  return Object.hasOwn(value, marker) ? { [marker]: "object", entries } : Object.fromEntries(entries);
}

function numberName(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

function writtenColumn(column: Column): Json {
  const name = column.constructor.name;
  assert(Object.hasOwn(columns, name), `there is no column of the kind ${name}`);
  return { [marker]: name, base64: toBase64(new Uint8Array(column.buffer, column.byteOffset, column.byteLength)) };
}

function read(json: Json): unknown {
  if (json === null || typeof json !== "object") return json;
  if (Array.isArray(json)) return json.map(read);
  if (!Object.hasOwn(json, marker)) return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, read(value)]));
  const kind = json[marker];
  if (kind === "undefined") return undefined;
  if (kind === "object") return Object.fromEntries((json["entries"] as [string, Json][]).map(([key, value]) => [key, read(value)]));
  if (typeof kind === "string" && Object.hasOwn(columns, kind)) {
    const bytes = fromBase64(json["base64"] as string);
    return new columns[kind as keyof typeof columns](bytes.buffer);
  }
  return Number(kind);
}

/** How many bytes become characters in one call: more arguments than an engine takes are refused. */
const chunk = 0x8000;

function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += chunk) text += String.fromCharCode(...bytes.subarray(at, at + chunk));
  return btoa(text);
}

function fromBase64(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
