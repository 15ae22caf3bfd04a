import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Deque } from "../../../../src/serving/fleet/scaling/deque.ts";

const held = (deque: Deque): number => (deque as unknown as { values: number[] }).values.length;

describe("a deque", () => {
  it("gives what an array gives, whatever is done to it, and holds no more than twice what is in it", () => {
    const moves = fc.array(fc.constantFrom("push", "push", "pop", "shift", "shift"), { maxLength: 300 });
    fc.assert(
      fc.property(moves, (all) => {
        const deque = new Deque();
        const plain: number[] = [];
        for (const [i, move] of all.entries()) {
          if (move === "push") {
            deque.push(i);
            plain.push(i);
          } else if (plain.length > 0) {
            expect(deque[move]()).toBe(plain[move]());
          }
          expect(deque.length).toBe(plain.length);
          expect([deque.first, deque.last]).toEqual([plain[0], plain.at(-1)]);
          expect(held(deque)).toBeLessThanOrEqual(Math.max(1, 2 * plain.length));
        }
      }),
    );
  });

  it("has nothing to give when it is empty", () => {
    const deque = new Deque();
    deque.push(1);
    deque.shift();
    expect(() => deque.shift()).toThrow("assertion failed");
    expect(() => deque.pop()).toThrow("assertion failed");
  });
});
