import { describe, expect, it } from "vitest";
import { wholeRecords } from "../../../src/traffic/csv/records.ts";
import type { Trace } from "../../../src/traffic/trace.ts";
import { mistake, readText } from "./read-text.ts";

const hashBlock = 512;

/** The hashes of each row, numbered by first appearance in the file. */
function hashesOf({ hashes, count }: Trace): number[][] {
  const { starts, keys } = hashes!;
  return Array.from({ length: count }, (_, row) => [...keys.subarray(starts[row], starts[row + 1])]);
}

const mooncake = [
  { timestamp: 0, input_length: 1100, output_length: 5, hash_ids: [46, 47, 48] },
  { timestamp: 3000, input_length: 512, output_length: 6, hash_ids: [46] },
  { timestamp: 3001, input_length: 700, output_length: 7, hash_ids: [46, 9007199254740991] },
];
const jsonLines = (rows: readonly object[]): string => rows.map((row) => JSON.stringify(row)).join("\n");
const numbered = [[0, 1, 2], [0], [0, 3]];

describe("hashes in a CSV", () => {
  it.each(["46 47 48", "46;47;48", " 46,  47 ,48", "[46, 47, 48]", "[46,47,48]"])("'%s' are three", (cell) => {
    const trace = readText(`time,input,output,hash_ids\n0,1100,5,"${cell}"\n1,512,5,46\n2,512,5,\n3,9,5,[]\n`, undefined, undefined, {
      hashBlock,
    });
    expect(hashesOf(trace)).toEqual([[0, 1, 2], [0], [], []]);
    expect(trace.hashes).toMatchObject({ block: 512, distinct: 3 });
  });

  it("are found by their map, and are not read unless a block's tokens are given", () => {
    const text = "time,input,output,blocks\n0,1100,5,7 8\n";
    expect(hashesOf(readText(text, "hashes=blocks", undefined, { hashBlock }))).toEqual([[0, 1]]);
    expect(readText(text).hashes).toBeUndefined();
    expect(mistake(() => readText(text, "hashes=blocks"))).toMatchObject({
      code: "missing-key",
      message: "the map names a column of hashes, `blocks`, and nothing says how many tokens each stands for",
    });
    expect(mistake(() => readText(text, undefined, undefined, { hashBlock }))).toMatchObject({
      code: "bad-trace",
      message: "hashBlock asks for a column of hashes, and there is no `hash_ids`",
    });
    expect(mistake(() => readText(text, "hashes=output", undefined, { hashBlock })).message).toBe("the map uses the column `output` twice");
  });

  it("tell traces apart that are alike in all else", () => {
    const trace = (cell: string) =>
      readText(`time,input,output,hash_ids\n0,1100,5,${cell}\n1,512,5,1\n`, undefined, undefined, { hashBlock });
    expect(trace("1 2").hash).not.toBe(trace("2 1").hash);
    expect(trace("1 2").hash).not.toBe(trace("1").hash);
    expect(trace("1 2").hash).toBe(trace("1 20").hash);
  });

  it.each([
    ["1 x", "hash_ids must be whole numbers below 2^53"],
    ["1.5", "hash_ids must be whole numbers below 2^53"],
    ["-1", "hash_ids must be whole numbers below 2^53"],
    ["9007199254740992", "hash_ids must be whole numbers below 2^53"],
    ["1;;2", "hash_ids must be whole numbers below 2^53"],
    ["1 2 3", "hash_ids has 3 hashes, and a prompt of 1024 tokens has 2 blocks of 512"],
  ])("'%s' are a mistake, at their line and column", (cell, message) => {
    const text = `time,input,output,hash_ids\n0,1025,5,1 2 3\n\n1,1024,5,${cell}\n`;
    expect(mistake(() => readText(text, undefined, undefined, { hashBlock }))).toMatchObject({
      code: "bad-trace",
      message,
      value: cell,
      place: { file: "day.csv", line: 4, column: 10 },
    });
  });

  it("of a request that failed are dropped with it", () => {
    const text = "time,input,output,hash_ids\n0,0,0,1 2 3\n1,5,5,4\n";
    expect(hashesOf(readText(text, "zeroOutput=drop", undefined, { hashBlock }))).toEqual([[0]]);
  });
});

describe("JSON lines", () => {
  it.each([undefined, 40, 64])("give the same trace as a CSV, read in blocks of %s bytes", (blockSize) => {
    const csv = ["timestamp,input_length,output_length,hash_ids"].concat(
      mooncake.map((row) => `${row.timestamp},${row.input_length},${row.output_length},${row.hash_ids.join(" ")}`),
    );
    const options = { hashBlock };
    const trace = readText(jsonLines(mooncake), "timeUnit=ms", blockSize, options);
    expect(trace).toEqual(readText(csv.join("\n"), "timeUnit=ms", undefined, options));
    expect([...trace.time]).toEqual([0, 3, 3.001]);
    expect(hashesOf(trace)).toEqual(numbered);
  });

  it("may hold more than is asked for, in any order, and blank lines", () => {
    const rows = [
      '{"chat_id": 1, "timestamp": 61.114, "type": "text", "input_length": 20, "output_length": 3, "turn": 1, "hash_ids": [5, 6]}',
    ];
    rows.push("", '{"hash_ids": [5], "output_length": 4, "input_length": 16, "timestamp": 61.5, "new": {"a": "\\"b"}}', "");
    const trace = readText(rows.join("\r\n"), "timeUnit=s", undefined, { hashBlock: 16 });
    expect(trace.time[1]).toBeCloseTo(0.386, 9);
    expect(hashesOf(trace)).toEqual([[0, 1], [0]]);
    expect([...trace.inputTokens]).toEqual([20, 16]);
  });

  it("may hold quotes that are escaped, in whatever blocks they are read", () => {
    const rows = Array.from({ length: 50 }, (_, i) => ({ note: i % 7 === 0 ? 'a "quote' : "", time: i, input: 5, output: 6 }));
    for (const blockSize of [40, 100, 4096]) expect(readText(jsonLines(rows), undefined, blockSize).count).toBe(50);
    let left = new TextEncoder().encode(jsonLines(rows));
    const read = (into: Uint8Array): number => {
      const part = left.subarray(0, into.length);
      into.set(part);
      left = left.subarray(part.length);
      return part.length;
    };
    // A quote that is not closed in the eyes of a CSV does not make one record of all the rest.
    const pieces = wholeRecords(read, () => expect.fail("too long"), 100);
    for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(100);
  });

  it("understand names by a map, and dates", () => {
    const rows = [
      { at: "2026-01-01T00:00:00Z", in: 5, out: "6" },
      { at: "2026-01-01T00:00:02Z", in: 5, out: 6 },
    ];
    expect([...readText(jsonLines(rows), "time=at,input=in,output=out").time]).toEqual([0, 2]);
  });

  it("whose `timestamp` may be seconds or milliseconds must say which", () => {
    const found = mistake(() => readText(jsonLines(mooncake)));
    expect(found).toMatchObject({ code: "bad-trace", message: "`timestamp` holds seconds in some traces and milliseconds in others" });
    expect(found.hint).toContain("timeUnit=ms");
    const mapped = (map: string) => readText(jsonLines(mooncake), map, undefined, { hashBlock });
    expect(mistake(() => mapped("time=timestamp")).message).toBe(found.message);
    expect([...mapped("time=timestamp,timeUnit=ms").time]).toEqual([0, 3, 3.001]);
  });

  const good = '{"time": 0, "input": 5, "output": 6}';
  it.each([
    ['{"time": 1, "input": -5, "output": 6}', "input must not be negative", 13],
    ['{"time": 1, "output": 6}', "input is empty", 1],
    ['{"time": 1, "input": 5, "output": [6]}', "output is not a number", 25],
    ['{"time": 1, "input": 5, "output": null}', "output is empty", 25],
    ["[1, 5, 6]", "the line is no JSON object", undefined],
    ['{"time": 1, "input": 5,', "the line is no JSON object", undefined],
    ["1,5,6", "the line is no JSON object", undefined],
  ])("%s is a mistake, at its line", (line, message, column) => {
    const found = mistake(() => readText(`${good}\n\n${line}\n${good}`));
    expect(found).toMatchObject({ code: "bad-trace", message, place: { line: 3 } });
    expect(found.place!.column).toBe(column);
  });

  it("that are no lines but one value are refused", () => {
    expect(mistake(() => readText('{\n"time": 0\n}\n')).message).toBe("the line is no JSON object");
    expect(mistake(() => readText(`[${good}]`)).message).toBe("the file is one JSON list");
  });
});
