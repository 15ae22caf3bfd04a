import { expect, it } from "vitest";
import { mistake, readText } from "./read-text.ts";

const text = "ts,prompt_tokens,completion_tokens,time\n1500,5,6,9\n4000,7,8,9\n";

it("a map names the columns and the unit of time", () => {
  const trace = readText(text, "time=ts, input=prompt_tokens, output=completion_tokens, timeUnit=ms");
  expect([...trace.time]).toEqual([0, 2.5]);
  expect([...trace.inputTokens]).toEqual([5, 7]);
  expect([...trace.outputTokens]).toEqual([6, 8]);
});

it("what a map leaves out is found by the known names", () => {
  expect([...readText("time,input,answer\n0,1,2\n", "output=answer").outputTokens]).toEqual([2]);
  expect([...readText("TIMESTAMP,ContextTokens,answer\n2023-11-16 18:17:03,1,2\n", "output=answer").outputTokens]).toEqual([2]);
  expect([...readText("time,input,output\n0,1,2\n1000,1,2\n", "timeUnit=ms").time]).toEqual([0, 1]);
});

it("times are dates where the first is one, and where the map says iso", () => {
  const dates = "time,input,output\n2023-11-16T18:17:03Z,1,2\n2023-11-16T18:17:04+00:00,1,2\n";
  expect([...readText(dates).time]).toEqual([0, 1]);
  expect([...readText(dates, "timeUnit=iso").time]).toEqual([0, 1]);
  expect(mistake(() => readText("time,input,output\n5,1,2\n", "timeUnit=iso")).message).toBe("time is not a date and time");
  expect(mistake(() => readText(dates, "timeUnit=s")).hint).toContain("timeUnit=iso");
});

it.each([
  [
    "time=tz,input=prompt_tokens,output=completion_tokens",
    "unknown-name",
    "the map names a column `tz` that is not there",
    "did you mean `ts`?",
  ],
  ["tme=ts,input=prompt_tokens", "unknown-key", "a map has no key `tme`", "did you mean `time`?"],
  ["time=ts,time=time", "contradiction", "the map gives `time` twice", "write it like"],
  ["time", "bad-syntax", "every part of a map must be key=value", "write it like"],
  ["time=", "bad-syntax", "every part of a map must be key=value", "write it like"],
  ["", "bad-syntax", "every part of a map must be key=value", "write it like"],
  ["=ts", "unknown-key", "a map has no key ``", "known here"],
  ["toString=ts", "unknown-key", "a map has no key `toString`", "known here"],
  ["timeUnit=msec", "unknown-name", "a map's timeUnit must be one of s, ms, us, ns, datetime, iso", "known here"],
  ["zeroOutput=drp", "unknown-name", "a map's zeroOutput must be one of drop, error", "did you mean `drop`?"],
  [
    "time=ts,input=prompt_tokens,output=prompt_tokens",
    "contradiction",
    "the map uses the column `prompt_tokens` twice",
    "ts, prompt_tokens",
  ],
])("the map '%s' is a mistake", (map, code, message, hint) => {
  const found = mistake(() => readText(text, map));
  expect(found).toMatchObject({ code, message });
  expect(found.hint).toContain(hint);
});

it("two columns of one name cannot be told apart", () => {
  expect(mistake(() => readText("time,input,output,time\n0,1,2,3\n")).message).toBe("there are two columns `time`");
  expect(readText("time,input,output,note,note\n0,1,2,3,4\n").count).toBe(1);
});
