import * as z from "zod";
import { duration, issue } from "../base/settings.ts";
import { createDistribution } from "./distributions/registry.ts";
import type { RandomSource } from "./random.ts";
import type { Simulation } from "./simulation.ts";

/** Keys that say when something is out of order: at given moments, or every so often. */
export const outageShape = {
  every: duration({ above: 0 }).optional().describe("mean time from the end of one to the next, exponential"),
  at: z.array(duration()).min(1).optional().describe("instead: when each begins, since the start of the run"),
  lasts: duration({ above: 0 }).describe("how long each lasts"),
};

interface OutageSettings {
  readonly every?: number | undefined;
  readonly at?: readonly number[] | undefined;
  readonly lasts: number;
}

/** Refuses outages that have no time, two, or that begin before the one before has ended. */
export function checkOutages({ every, at, lasts }: OutageSettings, context: z.RefinementCtx): void {
  if ((every === undefined) === (at === undefined)) {
    issue(context, "contradiction", "needs either every or at", { hint: "{ every: 14d, lasts: 40m } or { at: [14h], lasts: 40m }" });
  }
  const early = at?.findIndex((begin, i) => i > 0 && begin < at[i - 1] + lasts) ?? -1;
  if (early === -1) return;
  issue(context, "contradiction", "begins before the one before has ended", {
    path: ["at", early],
    hint: "in ascending order, lasts apart",
  });
}

/** Spans of time in which something is out of order, one after the other; given ones that touch are one. */
export class Outages {
  /** Whether one is going on. */
  ongoing = false;
  /** Those that have begun, in order; the end is Infinity while one is going on. */
  readonly spans: { readonly begin: number; readonly end: number }[] = [];

  /** @param begun called when one begins, after `ongoing` is true; @param ended when it is over, after `ongoing` is false */
  constructor(simulation: Simulation, given: OutageSettings, random: RandomSource, begun: () => void, ended: () => void) {
    const { every, at = [], lasts } = given;
    const gaps = every === undefined ? undefined : createDistribution({ exponential: { mean: every } });
    let begins = 0;
    const next = (): number => (gaps === undefined ? (at[begins++] ?? Infinity) : simulation.now + gaps.sample(random));
    const plan = (moment: number): void => {
      if (moment < Infinity) simulation.at(moment, begin);
    };
    const begin = simulation.handler(() => {
      this.ongoing = true;
      this.spans.push({ begin: simulation.now, end: Infinity });
      simulation.after(lasts, end);
      begun();
    });
    const end = simulation.handler(() => {
      const moment = next();
      if (moment === simulation.now) {
        simulation.after(lasts, end);
        return;
      }
      this.ongoing = false;
      this.spans.push({ begin: this.spans.pop()!.begin, end: simulation.now });
      plan(moment);
      ended();
    });
    plan(next());
  }
}
