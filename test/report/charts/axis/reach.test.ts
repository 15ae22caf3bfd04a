import { describe, expect, test } from "vitest";
import type { Verdict } from "../../../../src/experiment/result.ts";
import { reachOf, reachSentence, reachWords } from "../../../../src/report/charts/axis/reach.ts";

const letters: Record<string, Verdict> = { m: "met", x: "missed", u: "undecided" };
const read = (text: string): Verdict[] => [...text].map((letter) => letters[letter]);

/** Every course of three to six verdicts. */
const courses = [3, 4, 5, 6].flatMap((length) =>
  Array.from({ length: 3 ** length }, (_, code) =>
    Array.from({ length }, (__, i) => Object.values(letters)[Math.floor(code / 3 ** i) % 3]),
  ),
);

describe("whatever the course of verdicts", () => {
  test("an end is met with all on its side of it, and the next value is not", () => {
    for (const verdicts of courses) {
      const reach = reachOf(verdicts);
      if (reach.kind !== "upTo" && reach.kind !== "from") continue;
      const [inside, next] =
        reach.kind === "upTo" ? [verdicts.slice(0, reach.end + 1), reach.end + 1] : [verdicts.slice(reach.end), reach.end - 1];
      expect(inside.length).toBeGreaterThan(0);
      expect(inside.every((verdict) => verdict === "met")).toBe(true);
      expect(["missed", "undecided"]).toContain(verdicts[next]);
    }
  });

  test("no value beyond the one called missed is met", () => {
    for (const verdicts of courses) {
      const reach = reachOf(verdicts);
      if (reach.kind !== "upTo" && reach.kind !== "from") continue;
      const { missed } = reach;
      if (missed === undefined) expect(verdicts).not.toContain("missed");
      else {
        expect(verdicts[missed]).toBe("missed");
        expect(reach.kind === "upTo" ? verdicts.slice(missed) : verdicts.slice(0, missed + 1)).not.toContain("met");
      }
    }
  });

  test("seen from the other end it is the same", () => {
    for (const verdicts of courses) {
      const [reach, mirrored] = [reachOf(verdicts), reachOf(verdicts.toReversed())];
      const at = (i: number | undefined) => (i === undefined ? undefined : verdicts.length - 1 - i);
      if (reach.kind === "upTo") expect(mirrored).toEqual({ kind: "from", end: at(reach.end), missed: at(reach.missed) });
      else if (reach.kind !== "from") expect(mirrored.kind).toBe(reach.kind);
    }
  });

  test("it holds somewhere exactly where a value is met", () => {
    for (const verdicts of courses)
      expect(["nowhere", "undecided", "unsure"].includes(reachOf(verdicts).kind)).toBe(!verdicts.includes("met"));
  });
});

test.each([
  ["mmm", "ttft p95 < 2s holds throughout, from warm size 0 to 2", "throughout"],
  ["xxx", "ttft p95 < 2s is missed throughout, from warm size 0 to 2", "nowhere"],
  ["uuu", "Whether ttft p95 < 2s holds is undecided throughout, from warm size 0 to 2", "nowhere for sure"],
  ["xux", "ttft p95 < 2s surely holds nowhere from warm size 0 to 2: missed at 2, undecided at 1", "nowhere for sure"],
  ["mmx", "ttft p95 < 2s holds up to warm size 1; at 2 it is missed", "up to 1"],
  ["mux", "ttft p95 < 2s holds up to warm size 0; at 2 it is missed, undecided between", "up to 0"],
  ["muu", "ttft p95 < 2s holds up to warm size 0; beyond, it is undecided", "up to 0"],
  ["mumu", "ttft p95 < 2s holds up to warm size 0", "up to 0"],
  ["mumx", "ttft p95 < 2s holds up to warm size 0; at 3 it is missed", "up to 0"],
  ["xmm", "ttft p95 < 2s holds from warm size 1 on; at 0 it is missed", "from 1 on"],
  ["xum", "ttft p95 < 2s holds from warm size 2 on; at 0 it is missed, undecided between", "from 2 on"],
  ["mxm", "ttft p95 < 2s holds at 2 of 3 values of warm size (0, 2); it is missed at 1", "at 2 of 3 values"],
  ["mum", "ttft p95 < 2s holds at 2 of 3 values of warm size (0, 2); it is undecided at 1", "at 2 of 3 values"],
  ["xmmmmmx", "ttft p95 < 2s holds at 5 of 7 values of warm size; it is missed at 2", "at 5 of 7 values"],
])("%s in words", (text, sentence, words) => {
  const verdicts = read(text);
  const phrase = (i: number) => `warm size ${i}`;
  expect(reachSentence({ what: "ttft p95 < 2s", verdicts, name: "warm size", print: String, phrase })).toBe(sentence);
  expect(reachWords(verdicts, String)).toBe(words);
});
