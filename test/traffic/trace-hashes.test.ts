import * as fc from "fast-check";
import { expect, it } from "vitest";
import { Prefixes } from "../../src/traffic/prefixes.ts";
import { addChains } from "../../src/traffic/trace-hashes.ts";
import { TraceRows } from "../../src/traffic/trace-rows.ts";

const someRows = fc.array(fc.record({ time: fc.nat(50), output: fc.nat(3), hashes: fc.array(fc.nat(9), { maxLength: 5 }) }), {
  minLength: 1,
});

it("rows keep their hashes wherever they are sorted to, and chains tell which are alike", () => {
  fc.assert(
    fc.property(someRows, (given) => {
      const rows = new TraceRows(true, 16);
      for (const { time, output, hashes } of given) rows.take(time, 0, 100, output, hashes);
      const { hashes, count } = rows.finish("day.csv");
      const kept = given.filter(({ output }) => output > 0);
      const sorted = kept.map((row, i) => ({ ...row, i })).sort((a, b) => a.time - b.time || a.i - b.i);
      expect(count).toBe(kept.length);
      expect(hashes!.distinct).toBe(new Set(kept.flatMap((row) => row.hashes)).size);

      const prefixes = new Prefixes();
      const other = addChains(hashes!, prefixes);
      const first = addChains(hashes!, prefixes);
      const keyOf = new Map<number, number>();
      const hashOf = new Map<number, number>();
      sorted.forEach((row, i) => {
        expect(prefixes.segments(first + i)).toBe(row.hashes.length);
        row.hashes.forEach((hash, j) => {
          const key = prefixes.key(first + i, j);
          expect(prefixes.tokens(first + i, j)).toBe(16);
          expect(keyOf.get(hash) ?? key).toBe(key);
          expect(hashOf.get(key) ?? hash).toBe(hash);
          keyOf.set(hash, key);
          hashOf.set(key, hash);
        });
      });
      for (let i = 0; i < count; i++) {
        for (let j = 0; j < prefixes.segments(other + i); j++) expect(hashOf.has(prefixes.key(other + i, j))).toBe(false);
      }
    }),
  );
});
