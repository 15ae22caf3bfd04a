import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { resized, Slots } from "../../src/kernel/slots.ts";

describe("slots", () => {
  it("never give out a number that is in use, never one beyond the capacity announced, and never more numbers than were in use at once", () => {
    const steps = fc.array(fc.oneof({ weight: 3, arbitrary: fc.constant("acquire" as const) }, { weight: 2, arbitrary: fc.nat() }), {
      maxLength: 300,
    });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 8 }), (moves, capacity) => {
        let announced = 0;
        const slots = new Slots((grown) => (announced = grown), capacity);
        expect(announced).toBe(capacity);
        const used: number[] = [];
        let most = 0;
        let largest = -1;
        for (const move of moves) {
          if (move === "acquire") {
            const slot = slots.acquire();
            expect(used).not.toContain(slot);
            expect(slot).toBeLessThan(announced);
            used.push(slot);
            largest = Math.max(largest, slot);
          } else if (used.length > 0) slots.release(used.splice(move % used.length, 1)[0]);
          most = Math.max(most, used.length);
          expect(slots.inUse).toBe(used.length);
        }
        expect(largest).toBe(most - 1);
        expect(slots.capacity).toBe(announced);
      }),
    );
  });

  it("give out again first what was released last", () => {
    const slots = new Slots(() => {}, 4);
    const [a, b] = [slots.acquire(), slots.acquire()];
    slots.release(a);
    slots.release(b);
    expect([slots.acquire(), slots.acquire(), slots.acquire()]).toEqual([b, a, 2]);
  });
});

it("a column that is resized keeps its entries and its kind, and the rest is zero", () => {
  expect(resized(Int32Array.of(1, -2), 4)).toEqual(Int32Array.of(1, -2, 0, 0));
  expect(resized(Float64Array.of(0.5), 2)).toEqual(Float64Array.of(0.5, 0));
  expect(resized(Uint8Array.of(7), 1)).toEqual(Uint8Array.of(7));
});
