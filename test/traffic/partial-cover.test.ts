import * as fc from "fast-check";
import { expect, it } from "vitest";
import { partialCover } from "../../src/traffic/partial-cover.ts";
import { TraceRows } from "../../src/traffic/trace-rows.ts";

/** A trace of prompts that have a hash for each block of so many tokens, read as if each stood for `said`. */
function cover(prompts: readonly number[], block: number, said: number): number | undefined {
  const rows = new TraceRows(false, said);
  prompts.forEach((tokens, i) =>
    rows.take(
      i,
      0,
      tokens,
      1,
      Array.from({ length: Math.ceil(tokens / block) }, (_, at) => at),
    ),
  );
  return partialCover(rows.finish("day.csv"));
}

const prompts = fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 1, maxLength: 50 });

it("hashes that stand for what was said cover their prompts", () => {
  fc.assert(
    fc.property(prompts, fc.integer({ min: 1, max: 600 }), (given, block) => {
      expect(cover(given, block, block)).toBeUndefined();
    }),
  );
});

it("hashes of whole blocks alone cover their prompts too", () => {
  const rows = new TraceRows(false, 512);
  rows.take(0, 0, 2047, 1, [1, 2, 3]);
  expect(partialCover(rows.finish("day.csv"))).toBeUndefined();
});

it("hashes that stand for twice as many tokens or more cover none, and the best of them is told", () => {
  fc.assert(
    fc.property(prompts, fc.integer({ min: 1, max: 300 }), fc.integer({ min: 2, max: 40 }), (given, said, times) => {
      const long = given.filter((tokens) => tokens >= 3 * said);
      const shares = long.map((tokens) => (Math.ceil(tokens / (times * said)) * said) / tokens);
      expect(cover(given, times * said, said)).toBe(long.length === 0 ? undefined : Math.max(...shares));
    }),
  );
});

it("a trace without hashes says nothing", () => {
  const rows = new TraceRows(false);
  rows.take(0, 0, 5000, 1);
  expect(partialCover(rows.finish("day.csv"))).toBeUndefined();
});
