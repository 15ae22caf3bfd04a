import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Prefixes } from "../../src/traffic/prefixes.ts";

const chain = fc.array(fc.record({ key: fc.nat(), tokens: fc.oneof(fc.integer({ min: 1, max: 1e8 }), fc.constant(Infinity)) }), {
  maxLength: 12,
});

describe("the chains of prefixes", () => {
  it("are numbered as they are added, and keep their segments however many come after", () => {
    fc.assert(
      fc.property(fc.array(chain, { maxLength: 200 }), (chains) => {
        const prefixes = new Prefixes();
        chains.forEach((segments, number) => {
          expect(prefixes.add()).toBe(number);
          for (const { key, tokens } of segments) prefixes.extend(key, tokens);
        });
        const found = chains.map((_, number) =>
          Array.from({ length: prefixes.segments(number) }, (__, i) => ({
            key: prefixes.key(number, i),
            tokens: prefixes.tokens(number, i),
          })),
        );
        expect(found).toEqual(chains);
      }),
    );
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
