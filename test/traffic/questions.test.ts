import { existsSync, readdirSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Questions } from "../../src/traffic/questions.ts";
import { readTrace } from "../../src/traffic/trace-file.ts";
import { TraceRows } from "../../src/traffic/trace-rows.ts";
import type { Trace } from "../../src/traffic/trace.ts";

interface Row {
  readonly tokens: number;
  readonly hashes: readonly number[];
}

const someRows = fc.array(fc.record({ tokens: fc.integer({ min: 60, max: 62 }), hashes: fc.array(fc.nat(2), { maxLength: 3 }) }), {
  minLength: 1,
  maxLength: 40,
});

function traceOf(given: readonly Row[], name = "day.csv"): Trace {
  const rows = new TraceRows(false, 16);
  given.forEach(({ tokens, hashes }, i) => rows.take(i, 0, tokens, 1, hashes));
  return rows.finish(name);
}

/** What a row asks, by plain text; undefined where that is not known. */
const promptOf = ({ tokens, hashes }: Row): string | undefined => (hashes.length === 0 ? undefined : `${hashes.join(" ")} in ${tokens}`);

describe("the questions of a trace", () => {
  it("are the same where rows have the same hashes and tokens, in every copy, and new where no other row asks them", () => {
    fc.assert(
      fc.property(someRows, fc.integer({ min: 1, max: 3 }), (given, copies) => {
        const questions = new Questions();
        const trace = traceOf(given);
        const prompts = given.map(promptOf);
        const markOf = new Map<number, string>();
        for (let copy = 0; copy < copies; copy++) {
          const questionOf = questions.of(trace)!;
          prompts.forEach((prompt, row) => {
            const repeated = prompt !== undefined && prompts.filter((other) => other === prompt).length > 1;
            const mark = repeated ? prompt : `row ${row} of copy ${copy}`;
            const question = questionOf(row);
            expect(markOf.get(question) ?? mark).toBe(mark);
            markOf.set(question, mark);
          });
        }
        // No mark has two numbers, and the numbers are dense from 1.
        expect(new Set(markOf.values()).size).toBe(markOf.size);
        expect(Math.min(...markOf.keys())).toBe(1);
        expect(Math.max(...markOf.keys())).toBe(markOf.size);
      }),
    );
  });

  it("are never those of another trace", () => {
    fc.assert(
      fc.property(someRows, someRows, (one, other) => {
        const questions = new Questions();
        const [first, second] = [traceOf(one), traceOf(other, "night.csv")];
        const seen = new Set(one.map((_, row) => questions.of(first)!(row)));
        for (let row = 0; row < other.length; row++) expect(seen.has(questions.of(second)!(row))).toBe(false);
      }),
    );
  });

  it("are not known without hashes", () => {
    const rows = new TraceRows(false);
    rows.take(0, 0, 60, 1);
    expect(new Questions().of(rows.finish("day.csv"))).toBe(undefined);
  });
});

const folder = "../shared/traces";
const hashed = existsSync(folder) ? readdirSync(folder).filter((file) => /\.jsonl(\.gz)?$/.test(file)) : [];

/** Published traces with hashes of 512 tokens each, as Mooncake's; there is nothing to check where they are not at hand. */
it.skipIf(hashed.length === 0)("repeat in published traces as often as counting their prompts as text says", () => {
  for (const file of hashed) {
    const trace = readTrace(`${folder}/${file}`, { hashBlock: 512 });
    const { starts, keys } = trace.hashes!;
    const prompts = Array.from(
      { length: trace.count },
      (_, row) => `${keys.subarray(starts[row], starts[row + 1]).join(" ")} in ${trace.inputTokens[row]}`,
    );
    const distinct = new Set(prompts).size;
    const questionOf = new Questions().of(trace)!;
    expect(new Set(prompts.map((_, row) => questionOf(row))).size).toBe(distinct);
    process.stdout.write(`${file}: ${((1 - distinct / trace.count) * 100).toFixed(2)} % of ${trace.count} prompts repeat an earlier one\n`);
  }
});
