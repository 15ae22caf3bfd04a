import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Simulation } from "../../src/kernel/simulation.ts";

describe("the simulation", () => {
  it("serves ties in the order of scheduling, those scheduled at that very moment last", () => {
    const simulation = new Simulation();
    const log: [subject: number, at: number][] = [];
    const note = simulation.handler((subject) => log.push([subject, simulation.now]));
    const spawn = simulation.handler((subject) => {
      log.push([subject, simulation.now]);
      simulation.after(0, note, subject + 10);
    });
    simulation.at(2, note, 1);
    simulation.at(1, spawn, 2);
    simulation.at(1, note, 3);
    simulation.run(5);
    expect(log).toEqual([
      [2, 1],
      [3, 1],
      [12, 1],
      [1, 2],
    ]);
    expect(simulation.now).toBe(5);
    expect(simulation.events).toBe(4);
  });

  it("carries out what is due at the end and leaves what comes later for the next run", () => {
    const simulation = new Simulation();
    const log: number[] = [];
    const note = simulation.handler((subject, stamp) => log.push(subject + stamp));
    simulation.at(3, note, 1, 100);
    simulation.at(3.5, note, 2, 200);
    simulation.run(3);
    expect(log).toEqual([101]);
    simulation.run(4);
    expect(log).toEqual([101, 202]);
  });

  it("never lets the clock go back", () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.double({ min: 0, max: 5, noNaN: true }), { maxLength: 3 }), { maxLength: 30 }), (children) => {
        const simulation = new Simulation();
        let last = 0;
        let done = 0;
        const act = simulation.handler((subject) => {
          expect(simulation.now).toBeGreaterThanOrEqual(last);
          last = simulation.now;
          done++;
          if (subject + 1 < children.length)
            for (const delay of children[subject]) if (done < 200) simulation.after(delay, act, subject + 1);
        });
        simulation.at(0, act, 0);
        simulation.run(1e6);
        expect(done).toBe(simulation.events);
      }),
    );
  });

  it.each([NaN, -1, 0.999])("refuses an event at %d s when it is 1 s", (time) => {
    const simulation = new Simulation();
    simulation.run(1);
    const nothing = simulation.handler(() => {});
    expect(() => simulation.at(time, nothing)).toThrow("assertion failed");
  });
});
