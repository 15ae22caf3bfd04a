import * as fc from "fast-check";
import { expect, it } from "vitest";
import { HashNumbers } from "../../src/traffic/hash-numbers.ts";

const someHash = fc.oneof(fc.maxSafeNat(), fc.nat(20), fc.constantFrom(0, 2 ** 31, 2 ** 32, 2 ** 32 + 1, 2 ** 53 - 1));

it("hashes are numbered in the order in which they are first met", () => {
  fc.assert(
    fc.property(fc.array(someHash, { maxLength: 6000 }), (hashes) => {
      const numbers = new HashNumbers();
      const inOrder = [...new Set(hashes)];
      const numberOf = new Map(inOrder.map((hash, i) => [hash, i]));
      expect(hashes.map((hash) => numbers.of(hash))).toEqual(hashes.map((hash) => numberOf.get(hash)));
      expect(numbers.count).toBe(inOrder.length);
      expect(inOrder.map((hash) => numbers.of(hash))).toEqual(inOrder.map((_, i) => i));
    }),
    { numRuns: 50 },
  );
});

it("there may be more of them than a Map can hold", { timeout: 60_000 }, () => {
  const numbers = new HashNumbers();
  const most = 2 ** 24;
  let wrong = 0;
  for (let i = 0; i <= most; i++) if (numbers.of(i * 536_870_909) !== i) wrong++;
  expect([wrong, numbers.count]).toEqual([0, most + 1]);
  expect(numbers.of(most * 536_870_909)).toBe(most);
});
