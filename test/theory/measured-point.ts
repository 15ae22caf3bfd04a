import { readFileSync } from "node:fs";
import { expect } from "vitest";
import type { Estimate, Point } from "../../src/experiment/result.ts";
import { inlineRunner } from "../../src/experiment/runner.ts";
import { simulate } from "../../src/experiment/simulate.ts";
import { planOf } from "../experiment/systems.ts";

/** What a scenario comes to, from its text to its estimates. */
export async function measuredPoint(text: string): Promise<Point> {
  const traces = new Map();
  const { result } = await simulate(planOf(text), inlineRunner(traces), { version: "test", command: "test", traces });
  return result.points[0];
}

/** The closed form lies in the 95 % interval, and the interval is narrow: its half-width is below `precision` of the closed form. */
export function expectWithin({ low, high }: Estimate, exact: number, precision = 0.03): void {
  expect(low!).toBeLessThan(exact);
  expect(high!).toBeGreaterThan(exact);
  expect((high! - low!) / 2).toBeLessThan(precision * exact);
}

/** The table of the README says the same of this system. @param exact in seconds, as the estimate */
export function expectRow(system: string, { mean, low, high }: Estimate, exact: number): void {
  const milliseconds = (seconds: number): string => `${Number((seconds * 1000).toFixed(1))}`;
  const simulated = `${(mean * 1000).toFixed(1)} ± ${((high! - low!) * 500).toFixed(1)} ms`;
  const rows = readFileSync("test/theory/README.md", "utf8").replace(/ +/g, " ").split("\n");
  expect(rows.filter((row) => row.startsWith(`| ${system} | ${milliseconds(exact)} ms | ${simulated} |`))).toHaveLength(1);
}
