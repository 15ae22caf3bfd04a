import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Simulation } from "../../src/kernel/simulation.ts";
import { Timeouts } from "../../src/kernel/timeouts.ts";

interface Step {
  readonly at: number;
  /** The subject's time-out becomes pointless then. */
  readonly overAt: number;
  /** What a time-out that strikes starts again, as a retry does. */
  readonly again: number;
}

type Start = (subject: number, stamp: number) => void;

/** Plays the steps, with time-outs started in the way given, and lists which struck and when. */
function play(steps: readonly Step[], starter: (simulation: Simulation, open: (subject: number) => boolean, strike: Start) => Start) {
  const simulation = new Simulation();
  const struck: [subject: number, stamp: number, at: number][] = [];
  const over = new Set<number>();
  const begin = simulation.handler((subject) => start(subject, 0));
  const end = simulation.handler((subject) => over.add(subject));
  const start = starter(
    simulation,
    (subject) => !over.has(subject),
    (subject, stamp) => {
      struck.push([subject, stamp, simulation.now]);
      if (stamp < steps[subject].again) start(subject, stamp + 1);
      else over.add(subject);
    },
  );
  steps.forEach(({ at, overAt }, subject) => {
    simulation.at(at, begin, subject);
    simulation.at(at + overAt, end, subject);
  });
  simulation.run(1e9);
  return { struck, events: simulation.events };
}

const steps = fc.array(fc.record({ at: fc.nat(20), overAt: fc.oneof(fc.nat(8), fc.constant(1e6)), again: fc.nat(3) }), { maxLength: 40 });

describe("time-outs that all last equally long", () => {
  it("strike as if each had an event of its own, ties included", () => {
    fc.assert(
      fc.property(steps, fc.nat(6), (given, delay) => {
        const queued = play(given, (simulation, open, strike) => {
          const timeouts = new Timeouts(simulation, delay, open, strike);
          return (subject, stamp) => timeouts.start(subject, stamp);
        });
        const single = play(given, (simulation, open, strike) => {
          const due = simulation.handler((subject, stamp) => {
            if (open(subject)) strike(subject, stamp);
          });
          return (subject, stamp) => simulation.after(delay, due, subject, stamp);
        });
        expect(queued.struck).toEqual(single.struck);
        expect(queued.events).toBeLessThanOrEqual(single.events);
      }),
      { numRuns: 500 },
    );
  });

  it("cost no event when they have become pointless before they are the first", () => {
    const given = Array.from({ length: 1000 }, (_, at): Step => ({ at, overAt: 3, again: 0 }));
    const { struck, events } = play(given, (simulation, open, strike) => {
      const timeouts = new Timeouts(simulation, 500, open, strike);
      return (subject, stamp) => timeouts.start(subject, stamp);
    });
    expect(struck).toEqual([]);
    expect(events).toBeLessThan(2000 + 10);
  });

  it("keep their order when there are more than there was room for", () => {
    const given = Array.from({ length: 700 }, (_, subject): Step => ({ at: subject / 10, overAt: 1e6, again: 0 }));
    const { struck } = play(given, (simulation, open, strike) => {
      const timeouts = new Timeouts(simulation, 60, open, strike);
      return (subject, stamp) => timeouts.start(subject, stamp);
    });
    expect(struck.map(([subject]) => subject)).toEqual(given.map((_, subject) => subject));
  });
});
