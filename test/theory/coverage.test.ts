import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { simulatePlans } from "../../src/experiment/plan.ts";
import { pointsOf } from "../../src/experiment/point.ts";
import type { Estimate } from "../../src/experiment/result.ts";
import { inlineRunner } from "../../src/experiment/runner.ts";
import { planOf } from "../experiment/systems.ts";

/** Random arrivals at 5/s for one server of 10/s, which is busy half of the time. */
const queue = (timing: string): string => `
name: M/M/1 at 50 %
${timing}
traffic:
  jobs:
    arrivals: { rate: 5/s }
    inputTokens: { constant: 1 }
    outputTokens: { constant: 1 }
    slo: ["total p80 < 400ms"]
    path: [station]
pools:
  station:
    engine: { station: { servers: 1, service: { exponential: { mean: 100ms } } } }
    replicas: 1
`;
const runner = inlineRunner(new Map());
/** Times in system are exponential with mean 1 / (10 − 5) s. */
const truth = { mean: 0.2, within: 1 - Math.exp(-5 * 0.4) };

/** Shares of the seeds whose interval holds the true mean time in system, and the true share of requests below 400 ms. */
async function covered(timing: string, seeds: number): Promise<{ mean: number; within: number }> {
  const plan = planOf(queue(timing));
  const { scenario } = plan.decoded;
  const holds = ({ low, high }: Estimate, value: number): number => Number(low! <= value && value <= high!);
  let [mean, within] = [0, 0];
  for (let seed = 1; seed <= seeds; seed++) {
    const seeded = { ...plan, decoded: { ...plan.decoded, scenario: { ...scenario, seed } } };
    const { jobs } = pointsOf(await simulatePlans([seeded], runner)).points[0].classes;
    mean += holds(jobs.total_s.mean!, truth.mean);
    within += holds(jobs.objectives[0].attained, truth.within);
  }
  return { mean: mean / seeds, within: within / seeds };
}

/** The table of the README says the same. */
function expectRow(what: string, { mean, within }: { mean: number; within: number }): void {
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
  const rows = readFileSync("test/theory/README.md", "utf8").replace(/ +/g, " ").split("\n");
  expect(rows.filter((row) => row.startsWith(`| ${what} |`))).toEqual([`| ${what} | ${percent(mean)} | ${percent(within)} |`]);
}

it("intervals of five replications hold the truth about as often as they say", { timeout: 60_000 }, async () => {
  const shares = await covered("horizon: 70s\nwarmup: 10s\nreplications: 5", 500);
  expect(Math.min(shares.mean, shares.within)).toBeGreaterThan(0.92);
  expect(Math.max(shares.mean, shares.within)).toBeLessThan(0.98);
  expectRow("five replications of 60 s, 500 seeds", shares);
});

it("intervals of the batches of one replication do too", { timeout: 60_000 }, async () => {
  const shares = await covered("horizon: 810s\nwarmup: 10s\nreplications: 1\nbatches: 10", 300);
  expect(Math.min(shares.mean, shares.within)).toBeGreaterThan(0.9);
  expect(Math.max(shares.mean, shares.within)).toBeLessThan(0.98);
  expectRow("ten batches of 80 s, 300 seeds", shares);
});
