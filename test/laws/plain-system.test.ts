import * as fc from "fast-check";
import { expect, it } from "vitest";
import { mapValues } from "../../src/base/records.ts";
import type { ClientMeter } from "../../src/client/client-meter.ts";
import { causes } from "../../src/traffic/cause.ts";
import { outcomes } from "../../src/traffic/outcome.ts";
import type { PlainFate } from "./plain-fate.ts";
import { playForReal } from "./plain-real.ts";
import { playPlainly } from "./plain-system.ts";
import { plainSystem } from "./random-plain-system.ts";

const cases = Number(process.env["HEADROOM_CASES"] ?? 300);

/** Equal to 1e-9 of the longer time since the run began, for that is how moments are rounded. */
function differs(a: number | undefined, b: number | undefined, moment: number): boolean {
  if (a === undefined || b === undefined) return a !== b;
  return Math.abs(a - b) > 1e-9 * Math.max(moment, a, b);
}

function sameFate(plain: PlainFate, real: PlainFate, horizon: number): boolean {
  const { ttft, total, spent, time, ...rest } = plain;
  const { ttft: realTtft, total: realTotal, spent: realSpent, time: realTime, ...realRest } = real;
  const stages = Object.keys({ ...spent, ...realSpent });
  return (
    JSON.stringify(rest) === JSON.stringify(realRest) &&
    !differs(ttft, realTtft, plain.arrivedAt) &&
    !differs(total, realTotal, plain.arrivedAt) &&
    stages.every((stage) => !differs(spent[stage], realSpent[stage], plain.arrivedAt)) &&
    causes.every((cause) => !differs(time[cause] ?? 0, realTime[cause] ?? 0, horizon))
  );
}

it("every request meets the same fate as in a plain reading of the contract, and clients and providers count the same", () => {
  fc.assert(
    fc.property(plainSystem, (given) => {
      const [plain, real] = [playPlainly(given), playForReal(given)];
      expect(real.fates.length).toBe(plain.fates.length);
      plain.fates.forEach((fate, i) => {
        if (!sameFate(fate, real.fates[i], given.horizon)) expect({ request: i, ...real.fates[i] }).toEqual({ request: i, ...fate });
      });
      expect(real.providers).toEqual(plain.providers);
      expect(real.stores).toEqual(plain.stores);
      expect(real.semantics).toEqual(plain.semantics);
      expect(rounded(real.clients)).toEqual(rounded(plain.clients));
    }),
    { numRuns: cases, unbiased: true },
  );
});

/** Sums of moments differ in their last digits, by the order in which they are added up. */
function rounded(clients: Readonly<Record<string, ClientMeter>>): object {
  return mapValues(clients, (meter) => ({ ...meter, backoffSeconds: Math.round(meter.backoffSeconds * 1e6) }));
}

it("these systems meet all outcomes, are served by everything there is, and do all that a client can do", () => {
  const ends = fc.sample(plainSystem, { numRuns: 200, seed: 5 }).map(playPlainly);
  const fates = ends.flatMap((end) => end.fates);
  expect(new Set(fates.map(({ outcome }) => outcome))).toEqual(new Set(outcomes));
  expect(new Set(fates.map(({ servedBy }) => servedBy?.replace(/\d.*/, "")))).toEqual(
    new Set(["cache", "similar", "pool", "provider", "canned", undefined]),
  );
  expect(Math.max(...fates.map(({ attempts }) => attempts))).toBeGreaterThan(6);
  expect(new Set(fates.map(({ rung }) => rung))).toEqual(new Set([0, 1, 2, 3]));
  for (const room of ["clients", "stores", "semantics"] as const) {
    const counts = ends.flatMap((end) => Object.values(end[room]).flatMap((meter): [string, number][] => Object.entries(meter)));
    for (const name of new Set(counts.map(([count]) => count))) {
      const sum = counts.reduce((total, [count, value]) => total + (count === name ? value : 0), 0);
      expect([room, name, sum > 5]).toEqual([room, name, true]);
    }
  }
  const often = {
    "a wrong answer": fates.filter(({ wrong }) => wrong),
    "an answer without what some stage gives": fates.filter(({ outcome, lacks }) => outcome === "served" && lacks.length > 0),
    ...Object.fromEntries(
      (["timedOut", "shed", "throttled", "failed"] as const).map((ending) => [
        `${ending} at a stage`,
        fates.filter(({ outcome, attempts, spent }) => outcome === ending && attempts === 0 && Object.keys(spent).length > 0),
      ]),
    ),
  };
  for (const [what, all] of Object.entries(often)) expect([what, all.length > 5]).toEqual([what, true]);
});
