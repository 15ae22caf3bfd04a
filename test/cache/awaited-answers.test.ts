import fc from "fast-check";
import { expect, it } from "vitest";
import { AwaitedAnswers } from "../../src/cache/awaited-answers.ts";

const step = fc.record({ act: fc.constantFrom("join", "join", "join", "leave", "settle"), which: fc.nat(9), answered: fc.boolean() });

/** The same with a list for each key; says who is told what. */
class PlainAwaited {
  readonly told: [number, boolean][] = [];
  private readonly keys = new Map<number, { asking: number; waiting: number[] }>();

  private at(key: number): { asking: number; waiting: number[] } {
    const found = this.keys.get(key) ?? { asking: 0, waiting: [] };
    this.keys.set(key, found);
    return found;
  }

  join(request: number, key: number): boolean {
    const one = this.at(key);
    if (one.asking > 0) one.waiting.push(request);
    else one.asking = 1;
    return one.asking > 1 || one.waiting.includes(request);
  }

  leave(request: number, key: number): void {
    const one = this.at(key);
    one.waiting = one.waiting.filter((other) => other !== request);
  }

  settle(key: number, answered: boolean): void {
    const one = this.at(key);
    one.asking--;
    if (!answered && one.asking > 0) return;
    const { waiting } = one;
    one.waiting = [];
    if (!answered) one.asking += waiting.length;
    this.told.push(...waiting.map((request): [number, boolean] => [request, answered]));
  }
}

it("lets wait, and tells in order of coming, as lists do", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const told: [number, boolean][] = [];
      const asking = new Set<number>();
      const waiting = new Set<number>();
      const plain = new PlainAwaited();
      const awaited = new AwaitedAnswers(2, (request, found) => {
        told.push([request, found]);
        waiting.delete(request);
        if (!found) asking.add(request);
      });
      const keyOf = (request: number): number => 1 + (request % 2);
      for (const { act, which, answered } of steps) {
        const idle = Array.from({ length: 10 }, (_, i) => i).filter((one) => !asking.has(one) && !waiting.has(one));
        const from = act === "join" ? idle : act === "leave" ? [...waiting] : [...asking];
        if (from.length === 0) continue;
        const request = from[which % from.length];
        if (act === "join") {
          const waits = awaited.join(request, keyOf(request));
          expect(waits).toBe(plain.join(request, keyOf(request)));
          (waits ? waiting : asking).add(request);
        } else if (act === "leave") {
          waiting.delete(request);
          awaited.leave(request, keyOf(request));
          plain.leave(request, keyOf(request));
        } else {
          asking.delete(request);
          awaited.settle(keyOf(request), answered);
          plain.settle(keyOf(request), answered);
        }
        expect(told).toEqual(plain.told);
      }
    }),
  );
});
