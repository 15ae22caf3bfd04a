import * as fc from "fast-check";
import { expect, it } from "vitest";
import { Prefixes } from "../../src/traffic/prefixes.ts";
import { TraceChains } from "../../src/traffic/trace-hashes.ts";
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
      const other = new TraceChains(hashes!, prefixes).pass()(0);
      const first = new TraceChains(hashes!, prefixes).pass()(0);
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

it("a pass after the first keeps what several rows begin with, and has its own for what one row does", () => {
  fc.assert(
    fc.property(someRows, fc.integer({ min: 2, max: 4 }), (given, passes) => {
      const rows = new TraceRows(true, 16);
      given.forEach(({ hashes }, i) => rows.take(i, 0, 100, 1, hashes));
      const prefixes = new Prefixes();
      const chains = new TraceChains(rows.finish("day.csv").hashes!, prefixes);
      const chainOf = Array.from({ length: passes }, () => chains.pass());
      const rowsWith = (hash: number) => given.filter(({ hashes }) => hashes.includes(hash)).length;
      const seen = new Map<number, string>();
      given.forEach(({ hashes }, row) => {
        chainOf.forEach((of, pass) => {
          const chain = of(row);
          expect(prefixes.segments(chain)).toBe(hashes.length);
          hashes.forEach((hash, i) => {
            const mark = rowsWith(hash) > 1 ? `${hash}` : `${hash} of pass ${pass}`;
            const key = prefixes.key(chain, i);
            expect(seen.get(key) ?? mark).toBe(mark);
            seen.set(key, mark);
            expect(prefixes.tokens(chain, i)).toBe(16);
          });
        });
      });
      // And no mark has two keys.
      expect(new Set(seen.values()).size).toBe(seen.size);
    }),
  );
});
