import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Prefixes } from "../../src/traffic/prefixes.ts";

const chain = fc.array(fc.record({ key: fc.nat(), tokens: fc.oneof(fc.integer({ min: 1, max: 1e8 }), fc.constant(Infinity)) }), {
  maxLength: 12,
});

function segmentsOf(prefixes: Prefixes, number: number): { key: number; tokens: number }[] {
  return Array.from({ length: prefixes.segments(number) }, (_, i) => ({
    key: prefixes.key(number, i),
    tokens: prefixes.tokens(number, i),
  }));
}

describe("the chains of prefixes", () => {
  it("are numbered as they are added, and keep their segments however many come after", () => {
    fc.assert(
      fc.property(fc.array(chain, { maxLength: 200 }), (chains) => {
        const prefixes = new Prefixes();
        chains.forEach((segments, number) => {
          expect(prefixes.add()).toBe(number);
          for (const { key, tokens } of segments) prefixes.extend(key, tokens);
        });
        const found = chains.map((_, number) => segmentsOf(prefixes, number));
        expect(found).toEqual(chains);
      }),
    );
  });

  it("grow in any order, settle their last segment, and leave the others as they were", () => {
    const step = fc.record({ chain: fc.nat(5), key: fc.nat(), tokens: fc.integer({ min: 1, max: 1e8 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const prefixes = new Prefixes();
        const expected = Array.from({ length: 6 }, () => [] as { key: number; tokens: number }[]);
        expected.forEach(() => prefixes.add());
        for (const { chain: number, key, tokens } of steps) {
          prefixes.grow(number, key, Infinity);
          prefixes.settle(number, tokens);
          expected[number].push({ key, tokens });
        }
        expect(expected.map((_, number) => segmentsOf(prefixes, number))).toEqual(expected);
      }),
    );
  });

  it("that grow take room in proportion to their segments, however they take turns", () => {
    const prefixes = new Prefixes();
    const chains = Array.from({ length: 100 }, () => prefixes.add());
    for (let i = 0; i < 100; i++) for (const one of chains) prefixes.grow(one, i, 1);
    expect(prefixes["used"]).toBeLessThan(4 * 100 * 100);
  });

  it("get keys that nobody else has", () => {
    const prefixes = new Prefixes();
    const taken = [3, 0, 5].flatMap((count) => {
      const first = prefixes.reserveKeys(count);
      return Array.from({ length: count }, (_, i) => first + i);
    });
    expect(new Set(taken).size).toBe(8);
  });
});
