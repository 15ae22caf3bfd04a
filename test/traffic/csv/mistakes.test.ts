import { describe, expect, it } from "vitest";
import { mistake, readBytes, readText } from "./read-text.ts";

const header = "time,input,output";

describe("a cell that is wrong is shown with its place, its text and what would be right", () => {
  it.each([
    ["-5", 2, "input must not be negative", "-5"],
    ["3.5", 2, "input must be a whole number, written with digits only", "3.5"],
    ["1e3", 2, "input must be a whole number, written with digits only", "1e3"],
    ["+5", 2, "input must be a whole number, written with digits only", "+5"],
    ["NaN", 2, "input is not a number", "NaN"],
    ["null", 2, "input is not a number", "null"],
    ["12 tokens", 2, "input is not a number", "12 tokens"],
    ["1_000", 2, "input is not a number", "1_000"],
    ["", 2, "input is empty", undefined],
    ["2147483648", 2, "input is too large", "2147483648"],
    ["99999999999999999999", 2, "input is too large", "99999999999999999999"],
    ["0", 2, "input must be at least 1, since there is no empty prompt", "0"],
  ])("input tokens of '%s'", (cell, column, message, value) => {
    const found = mistake(() => readText(`${header}\n0,1,1\n1,${cell},7\n`));
    const text = `1,${cell},7`;
    expect(found).toMatchObject({ code: "bad-trace", message, place: { file: "day.csv", line: 3, column: column + 1, text } });
    expect(found.value).toBe(value);
    expect(found.hint).toBeTruthy();
  });

  it.each([
    ["soon", "time is not a time", "2026-03-10"],
    ["", "time is empty", "every row"],
    ["-1", "time must not be negative", "a number of s"],
    ["1700000000123", "time is out of range", "timeUnit=ms"],
    ["2023-11-16 18:17:03", "time must be a number of s, as a time column holds unless its map has a timeUnit", "timeUnit=iso"],
  ])("a time of '%s' among seconds", (cell, message, hint) => {
    const found = mistake(() => readText(`${header}\n0,1,1\n${cell},1,1\n`));
    expect(found).toMatchObject({ code: "bad-trace", message, place: { line: 3, column: 1 } });
    expect(found.hint).toContain(hint);
  });

  it.each([
    ["12.5", "time is not a date and time"],
    ["2023-02-30 10:00:00", "time is not a moment that exists, or ends in something else"],
    ["2023-02-20 10:00:00 PST", "time is not a moment that exists, or ends in something else"],
  ])("a time of '%s' among dates", (cell, message) => {
    expect(mistake(() => readText(`${header}\n2023-02-20 10:00:00,1,1\n${cell},1,1\n`))).toMatchObject({
      message,
      value: cell,
      place: { line: 3 },
    });
  });

  it("no output tokens mark a failure, which the map may drop", () => {
    const found = mistake(() => readText(`${header}\n0,1,0\n`));
    expect(found).toMatchObject({ message: "output is 0, the mark of a request that failed", value: "0", place: { line: 2, column: 5 } });
    expect(found.hint).toContain("zeroOutput=drop");
  });

  it("digits of other scripts are not taken for digits", () => {
    expect(mistake(() => readText(`${header}\n0,١,1\n`)).message).toBe("input is not a number");
    expect(mistake(() => readText(`${header}\n0,ı,1\n`)).message).toBe("input is not a number");
  });
});

describe("a row that is wrong", () => {
  it.each([
    ["0,1", "the row has 2 cells, and the header 3"],
    ["0", "the row has 1 cell, and the header 3"],
    ["0,1,2,3", "the row has 4 cells, and the header 3"],
    ["0,1,", "output is empty"],
    ['0,"1,2', "a quote that is never closed"],
    ['0,1"1,2', "a quote where none can stand"],
    ['0,"1"1,2', "a quote where none can stand"],
  ])("%s", (row, message) => {
    expect(mistake(() => readText(`${header}\n0,1,1\n${row}`))).toMatchObject({ code: "bad-trace", message, place: { line: 3 } });
  });

  it("has its true line and column behind quoted cells of several lines, blank lines and wide characters", () => {
    const found = mistake(() => readText('note,time,input,output\n\n"one\ntwo, three",0,1,1\n\r\n"a\nbé",1,x,1\n'));
    expect(found.place).toEqual({ file: "day.csv", line: 7, column: 7, text: 'bé",1,x,1' });
  });

  it("is found far into a file, and the first of several is told", () => {
    const rows = Array.from({ length: 100_000 }, (_, i) => `${i},1,1`);
    rows[70_000] = "70000,1,-1";
    rows[70_001] = '70001,"1,1';
    expect(mistake(() => readText([header, ...rows].join("\n")))).toMatchObject({
      message: "output must not be negative",
      place: { line: 70_002 },
    });
  });

  it("of many megabytes is refused before it fills the memory", () => {
    const bytes = new Uint8Array(20 * 1024 * 1024).fill(0x61);
    bytes.set(new TextEncoder().encode(`${header}\n0,1,1\n"`));
    expect(mistake(() => readBytes(bytes))).toMatchObject({ message: "a row of more than 16 MB", place: { line: 3 } });
  });

  it("that is very long is not shown", () => {
    const found = mistake(() => readText(`${header}\n0,1,${"x".repeat(5000)}\n`));
    expect(found.place).toEqual({ file: "day.csv", line: 2, column: 5 });
    expect(found.value).toBeUndefined();
  });
});

describe("a file that is no trace", () => {
  it.each([
    ["", "the file is empty"],
    ["\uFEFF", "the file is empty"],
    ["\n \n", "the file is empty"],
    [header, "the trace has no requests"],
    [`${header}\n\n`, "the trace has no requests"],
  ])("%j", (text, message) => {
    expect(mistake(() => readText(text))).toMatchObject({ code: "bad-trace", message });
  });

  it("because it is binary or UTF-16 is told so", () => {
    const utf16 = new Uint8Array(new Uint16Array([0xfeff, ...header].map((c) => (typeof c === "string" ? c.charCodeAt(0) : c))).buffer);
    expect(mistake(() => readBytes(utf16)).message).toBe("the file is not text");
    expect(mistake(() => readBytes(Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 0, 1))).message).toBe("the file is not text");
  });

  it("because it is one JSON list is told so", () => {
    expect(mistake(() => readText('[{"timestamp": 0, "input_length": 5}]\n')).message).toBe("the file is one JSON list");
  });

  it.each([
    ["Timestamp,Model,Request tokens,Response tokens\n5,x,1,1\n", "time=Timestamp,input=Request tokens,output=Response tokens"],
    ["startTime,prompt_tokens,completion_tokens\n", "time=startTime,input=prompt_tokens,output=completion_tokens"],
    ["Time,Input,Output\n", "time=Time,input=Input,output=Output"],
    ["time;input;output\n0;1;2\n", "separated by commas"],
    ["time,input,output\r0,1,2\r", "carriage return"],
    ["0.5,12,13\n", "the first row must name the columns"],
  ])("because its columns are not known: %j", (text, hint) => {
    const found = mistake(() => readText(text));
    expect(found).toMatchObject({ code: "bad-trace", message: "no column that is known as time or input or output", place: { line: 1 } });
    expect(found.hint).toContain(hint);
    expect(found.value).toContain(text.slice(0, 3));
  });
});
