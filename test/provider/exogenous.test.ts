import { describe, expect, it } from "vitest";
import { Simulation } from "../../src/kernel/simulation.ts";
import { callOf, limiterOf } from "./limiters.ts";

/** What calls of consecutive numbers at the moments are told. */
function askAll(settings: Record<string, unknown>, moments: readonly number[], turn = 0): number[] {
  const simulation = new Simulation();
  const limiter = limiterOf({ law: "exogenous", ...settings }, simulation);
  return moments.map((at, number) => {
    simulation.run(at);
    return limiter.admit(at, callOf({ number, turn }));
  });
}

describe("shared capacity", () => {
  it("refuses only while it is short, until that is over", () => {
    const waits = askAll({ at: ["10s", "60s"], lasts: "20s", refused: "100%" }, [0, 9, 10, 15, 29, 30, 59, 65, 81]);
    expect(waits).toEqual([0, 0, 20, 15, 1, 0, 0, 15, 0]);
  });

  it("refuses a share of the calls, each by its own chance", () => {
    const count = 20_000;
    const moments = Array<number>(count).fill(1);
    const settings = { at: ["0s"], lasts: "1h", refused: "30%" };
    const first = askAll(settings, moments).map((wait) => wait > 0);
    const second = askAll(settings, moments, 1).map((wait) => wait > 0);
    const share = (of: (i: number) => boolean): number => first.filter((_, i) => of(i)).length / count;
    const off = (p: number): number => 5 * Math.sqrt((p * (1 - p)) / count);
    expect(Math.abs(share((i) => first[i]) - 0.3)).toBeLessThan(off(0.3));
    expect(Math.abs(share((i) => first[i] && second[i]) - 0.09)).toBeLessThan(off(0.09));
  });

  it("is short for the share of time that the spells take", () => {
    const moments = Array.from({ length: 200_000 }, (_, i) => i * 10);
    const refused = askAll({ every: "30m", lasts: "10m", refused: "100%" }, moments).filter((wait) => wait > 0).length;
    expect(refused / moments.length).toBeGreaterThan(0.23);
    expect(refused / moments.length).toBeLessThan(0.27);
  });
});
