import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mistake, readBytes, readText } from "./read-text.ts";

/** The same rows by the parser alone: the times as whole nanoseconds, sorted stably by them. */
function byParser(text: string): { time: number[]; input: number[]; output: number[] } {
  const [header, ...rows] = parse(text.replace(/^\uFEFF/, ""), { skip_empty_lines: true, trim: true });
  const [time, input, output] = ["time", "input", "output"].map((name) => header.indexOf(name)) as [number, number, number];
  const ticks = (cell: string): bigint => {
    const [whole, fraction = ""] = cell.split(".");
    return BigInt(`${whole}${fraction.slice(0, 9).padEnd(9, "0")}`);
  };
  const sorted = rows.map((row) => ({ row, at: ticks(row[time]) })).sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return {
    time: sorted.map(({ at }) => Number(at - sorted[0].at) / 1e9),
    input: sorted.map(({ row }) => Number(row[input])),
    output: sorted.map(({ row }) => Number(row[output])),
  };
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** A cell as it may be written: plain, in quotes, or with space around. */
const written = (cell: fc.Arbitrary<string>, plain: number): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: plain, arbitrary: cell },
    { weight: 1, arbitrary: cell.map(quoted) },
    { weight: 1, arbitrary: cell.map((text) => ` ${text}\t`) },
  );

const number = fc.integer({ min: 1, max: 2 ** 31 - 1 }).map(String);
const seconds = fc.tuple(fc.nat(99_999), fc.stringMatching(/^(\.\d{1,11})?$/)).map(([whole, fraction]) => `${whole}${fraction}`);
const note = fc.oneof(fc.stringMatching(/^[a-zé ]{0,6}$/), fc.constantFrom('"a ""b"", c"', '"two\nlines"', '"two\r\nlines, 1"', '""'));

/** A CSV with four columns in any order, with rows plain for the most part or never. */
const csv = fc
  .record({
    plain: fc.constantFrom(0, 5, 1000),
    columns: fc.shuffledSubarray(["time", "input", "output", "note"], { minLength: 4 }),
    newline: fc.constantFrom("\n", "\r\n"),
    mark: fc.constantFrom("", "\uFEFF"),
    end: fc.constantFrom("", "newline", "blank"),
  })
  .chain(({ plain, columns, newline, mark, end }) => {
    const cells: Record<string, fc.Arbitrary<string>> = {
      time: written(seconds, plain),
      input: written(number, plain),
      output: written(number, plain),
      note: plain === 1000 ? fc.stringMatching(/^[a-zé ]{0,6}$/) : note,
    };
    const row = fc.tuple(...columns.map((name) => cells[name])).map((parts) => parts.join(","));
    const blank = fc.constantFrom("", "", "", "", newline);
    return fc.array(fc.tuple(row, blank), { minLength: 1, maxLength: 40 }).map((rows) => {
      const lines = [columns.join(","), ...rows.map(([line, after]) => line + after)];
      return mark + lines.join(newline) + (end === "" ? "" : end === "newline" ? newline : newline + newline);
    });
  });

describe("reading a CSV", () => {
  it("gives what a CSV parser gives, plain or quoted, in whatever blocks it is read", () => {
    fc.assert(
      fc.property(csv, fc.integer({ min: 1, max: 300 }), (text, blockSize) => {
        const trace = readText(text, undefined, blockSize);
        const expected = byParser(text);
        expect([...trace.time]).toEqual(expected.time);
        expect([...trace.inputTokens]).toEqual(expected.input);
        expect([...trace.outputTokens]).toEqual(expected.output);
      }),
      { numRuns: 500 },
    );
  });

  it("finds the same first mistake in whatever blocks it is read, and whatever the bytes are", () => {
    const outcome = (bytes: Uint8Array, blockSize?: number): unknown => {
      try {
        return readBytes(bytes, undefined, blockSize).hash;
      } catch {
        return mistake(() => readBytes(bytes, undefined, blockSize));
      }
    };
    const noise = fc.array(fc.constantFrom(...'01.,\n\r" -e\0é'), { maxLength: 12 }).map((characters) => characters.join(""));
    fc.assert(
      fc.property(csv, noise, fc.nat(), fc.integer({ min: 1, max: 300 }), (text, inserted, position, blockSize) => {
        const at = position % text.length;
        const bytes = new TextEncoder().encode(text.slice(0, at) + inserted + text.slice(at));
        expect(outcome(bytes, blockSize)).toEqual(outcome(bytes));
      }),
      { numRuns: 500 },
    );
  });

  it("reads Azure's columns, with rows that have no fraction, without a newline at the end", () => {
    const trace = readText(
      "TIMESTAMP,ContextTokens,GeneratedTokens\r\n2023-11-16 23:59:59.9999999,4808,10\r\n2023-11-17 00:00:00,3180,8\r\n2023-11-17 00:00:01.25,110,27",
    );
    expect([...trace.time]).toEqual([0, 1e-7, 1.2500001]);
    expect([...trace.inputTokens]).toEqual([4808, 3180, 110]);
    expect([...trace.outputTokens]).toEqual([10, 8, 27]);
    expect(trace.duration).toBe(1.2500001 * 1.5);
  });

  it("keeps the nanosecond of times that count from 1970", () => {
    const trace = readText("time,input,output\n1700000000123456789,5,6\n1700000000123456790,7,8\n", "timeUnit=ns");
    expect([...trace.time]).toEqual([0, 1e-9]);
  });

  it("sorts rows stably and says how many came late", () => {
    const trace = readText("time,input,output\n5,1,1\n3,2,1\n4,3,1\n5,4,1\n3,5,1\n");
    expect([...trace.time]).toEqual([0, 0, 1, 2, 2]);
    expect([...trace.inputTokens]).toEqual([2, 5, 3, 1, 4]);
    expect(trace.outOfOrder).toBe(3);
  });

  it("drops rows without output tokens only when the map says so, and counts them", () => {
    const text = "time,input,output\n0,1,1\n1,5,0\n2,0,0\n3,1,2\n";
    const trace = readText(text, "zeroOutput=drop");
    expect([trace.count, trace.dropped]).toEqual([2, 2]);
    expect([...trace.time]).toEqual([0, 3]);
    expect(mistake(() => readText(text)).place).toMatchObject({ line: 3, column: 5 });
    expect(mistake(() => readText("time,input,output\n0,1,0\n", "zeroOutput=drop")).message).toBe(
      "the trace has no requests; 1 without output tokens were left out",
    );
  });

  it("accepts whole numbers that were written with a decimal point", () => {
    expect([...readText("time,input,output\n0,128.0,7.\n").inputTokens]).toEqual([128]);
  });

  it("is the same trace by its hash if and only if its columns are the same", () => {
    const plain = readText("time,input,output\n0,1,2\n1,3,4\n");
    expect(readText('note,output,input,time\n"x, y",2,1,50\n,4,3,51\n').hash).toBe(plain.hash);
    const others = ["0,1,2\n1,3,5", "0,1,2\n1,4,4", "0,1,2\n1.1,3,4", "0,3,4\n1,1,2", "0,1,2\n1,3,4\n1,3,4", "0,2,1\n1,4,3"];
    const hashes = [plain.hash, ...others.map((rows) => readText(`time,input,output\n${rows}\n`).hash)];
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(plain.hash).toMatch(/^[0-9a-f]{16}$/);
  });

  it("stands for one mean gap more than its last time, or for a second where there is no gap", () => {
    expect(readText("time,input,output\n10,1,1\n14,1,1\n16,1,1\n").duration).toBe(9);
    expect(readText("time,input,output\n10,1,1\n").duration).toBe(1);
    expect(readText("time,input,output\n10,1,1\n10,1,1\n").duration).toBe(1);
  });
});
