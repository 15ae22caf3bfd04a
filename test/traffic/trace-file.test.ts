import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { readTrace } from "../../src/traffic/trace-file.ts";
import { mistake } from "./csv/read-text.ts";

const folder = mkdtempSync(join(tmpdir(), "headroom-trace-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const small = "time,input,output\n0,10,20\n1.5,30,40\n";

describe("a trace file", () => {
  it("is the same plain and compressed, but for its name", () => {
    const plain = readTrace(file("day.csv", small));
    const compressed = readTrace(file("day.csv.gz", gzipSync(small)));
    expect([...plain.time]).toEqual([0, 1.5]);
    expect(plain.name).toBe(join(folder, "day.csv"));
    expect({ ...compressed, name: plain.name }).toEqual(plain);
  });

  it("is read whole when it is larger than a block", () => {
    const count = 200_000;
    const rows = Array.from({ length: count }, (_, i) => `${i},${i + 1},${(i % 7) + 1}`);
    const trace = readTrace(file("large.csv", ["time,input,output", ...rows].join("\n")));
    expect(trace.count).toBe(count);
    expect(trace.time.every((time, i) => time === i)).toBe(true);
    expect(trace.inputTokens.every((tokens, i) => tokens === i + 1)).toBe(true);
    expect(trace.outputTokens.every((tokens, i) => tokens === (i % 7) + 1)).toBe(true);
  });

  it("that is missing is told with the nearest name beside it", () => {
    file("monday.csv", small);
    const path = join(folder, "mondy.csv");
    expect(mistake(() => readTrace(path))).toMatchObject({
      code: "missing-file",
      place: { file: path },
      hint: "did you mean `monday.csv`?",
    });
    expect(mistake(() => readTrace(join(folder, "no", "such", "folder.csv"))).code).toBe("missing-file");
  });

  it("that is a folder cannot be read", () => {
    const path = join(folder, "traces");
    mkdirSync(path);
    expect(mistake(() => readTrace(path))).toMatchObject({ code: "unreadable", message: "the trace cannot be read: it is a folder" });
  });

  it("that is empty or only half a gzip file is refused", () => {
    expect(mistake(() => readTrace(file("empty.csv", ""))).message).toBe("the file is empty");
    const half = gzipSync(small).subarray(0, 30);
    expect(mistake(() => readTrace(file("half.gz", half)))).toMatchObject({
      code: "unreadable",
      message: "the trace is not a whole gzip file",
    });
  });

  it("shows the mistake at its line and column", () => {
    const path = file("wrong.csv", `${small}2,-3,1\n`);
    expect(() => readTrace(path)).toThrow(
      `${path}:4:3: input must not be negative (found -3)\n  4 | 2,-3,1\n        ^\n  hint: a whole number`,
    );
  });
});

const measured = "../shared/traces";
const present = existsSync(measured);
if (!present) console.log(`${measured} is not here: real traces are not read`);

describe("Azure's traces of 2023", () => {
  const mean = (column: Int32Array): number => column.reduce((sum, value) => sum + value, 0) / column.length;

  it.skipIf(!present).each([
    ["conv", 19_366, 3501.721937, 1155, 211, 14_050, 1000],
    ["code", 8819, 3435.948056, 2048, 27.9, 7437, 1899],
  ])(
    "the %s trace has %i requests in %f s, and the token counts published of it",
    (name, count, last, input, output, mostInput, mostOutput) => {
      const trace = readTrace(`${measured}/AzureLLMInferenceTrace_${name}.csv`);
      expect([trace.count, trace.time[0], trace.time.at(-1)]).toEqual([count, 0, last]);
      expect([trace.outOfOrder, trace.dropped]).toEqual([0, 0]);
      expect(Math.abs(mean(trace.inputTokens) - input)).toBeLessThan(0.5);
      expect(Math.abs(mean(trace.outputTokens) - output)).toBeLessThan(0.2);
      expect(Math.max(...trace.inputTokens)).toBe(mostInput);
      expect(Math.max(...trace.outputTokens)).toBe(mostOutput);
    },
  );
});
