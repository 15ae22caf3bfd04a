import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EventQueue } from "../../src/kernel/event-queue.ts";

/** Few different times, so that ties are the rule. */
const time = fc.oneof(fc.nat(5), fc.double({ min: 0, max: 10, noNaN: true }));

function drained(queue: EventQueue): { time: number; subject: number; handler: number; stamp: number }[] {
  const events = [];
  while (queue.pop()) events.push({ time: queue.time, subject: queue.subject, handler: queue.handler, stamp: queue.stamp });
  return events;
}

describe("the event queue", () => {
  it("gives back what was pushed in the order of a stable sort by time", () => {
    fc.assert(
      fc.property(fc.array(time, { maxLength: 200 }), (times) => {
        const queue = new EventQueue(1);
        times.forEach((at, index) => queue.push(at, index * 2, index, index * 3));
        const expected = times.map((at, index) => ({ time: at, subject: index, handler: index * 2, stamp: index * 3 }));
        expect(drained(queue)).toEqual(expected.sort((a, b) => a.time - b.time));
      }),
    );
  });

  it("keeps that order while pushes and pops take turns", () => {
    const step = fc.record({ push: fc.array(fc.nat(6), { maxLength: 5 }), pops: fc.nat(5) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const queue = new EventQueue(2);
        const model: { time: number; subject: number }[] = [];
        let pushed = 0;
        for (const { push, pops } of steps) {
          for (const at of push) {
            queue.push(at, 0, pushed, 0);
            model.push({ time: at, subject: pushed++ });
          }
          model.sort((a, b) => a.time - b.time || a.subject - b.subject);
          for (let i = 0; i < pops; i++) {
            const next = model.shift();
            expect(queue.length > 0 ? queue.peekTime() : undefined).toBe(next?.time);
            expect(queue.pop()).toBe(next !== undefined);
            if (next !== undefined) expect({ time: queue.time, subject: queue.subject }).toEqual(next);
          }
        }
        expect(queue.length).toBe(model.length);
      }),
    );
  });

  it("places an event by the rank that was taken when it was decided, not by when it was pushed", () => {
    const queue = new EventQueue();
    const early = queue.rank();
    queue.push(1, 0, 2, 0);
    queue.push(1, 0, 1, 0, early);
    expect(drained(queue).map(({ subject }) => subject)).toEqual([1, 2]);
  });
});
