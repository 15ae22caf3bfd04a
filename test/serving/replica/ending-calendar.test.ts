import * as fc from "fast-check";
import { expect, it } from "vitest";
import { EndingCalendar, EndingLinks } from "../../../src/serving/replica/ending-calendar.ts";

it("the calendar of endings gives the next ending, and those of one iteration in the order in which they were entered, as a sorted list does", () => {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ enter: fc.oneof(fc.nat(3), fc.nat(90), fc.nat(5000), fc.nat(20_000)) }) },
    { weight: 1, arbitrary: fc.record({ remove: fc.nat(100) }) },
    { weight: 2, arbitrary: fc.record({ finish: fc.constant(true) }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const links = new EndingLinks();
      links.resize(steps.length);
      const calendar = new EndingCalendar(links);
      let open: { sequence: number; iteration: number }[] = [];
      let now = 0;
      const leave = (sequence: number) => {
        calendar.remove(sequence);
        open = open.filter((one) => one.sequence !== sequence);
      };
      steps.forEach((one, sequence) => {
        if ("enter" in one) {
          const iteration = now + 1 + one.enter;
          calendar.enter(sequence, iteration, now);
          open = [...open, { sequence, iteration }].sort((a, b) => a.iteration - b.iteration);
        } else if (open.length > 0 && "remove" in one) leave(open[one.remove % open.length].sequence);
        else if (open.length > 0) {
          now = open[0].iteration;
          while (open.length > 0 && open[0].iteration === now) {
            expect(calendar.firstOf(now)).toBe(open[0].sequence);
            leave(open[0].sequence);
          }
          expect(calendar.firstOf(now)).toBe(-1);
        }
        if (open.length > 0) expect(calendar.nextAfter(now)).toBe(open[0].iteration);
      });
    }),
  );
});
