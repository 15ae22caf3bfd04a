import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { exactJson, parseExactJson } from "../../base/exact-json.ts";

const [pack, unpack] = [promisify(gzip), promisify(gunzip)];

/** A value as exact JSON, compressed by gzip: the same value gives the same bytes. */
export async function packed(value: unknown): Promise<Buffer> {
  return pack(exactJson(value), { level: 1 });
}

/** @throws Error when the bytes are damaged */
export async function unpacked(bytes: Uint8Array): Promise<unknown> {
  return parseExactJson((await unpack(bytes)).toString("utf8"));
}
