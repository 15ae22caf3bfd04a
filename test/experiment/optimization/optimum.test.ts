import { expect, it } from "vitest";
import { asWritten } from "../../../src/experiment/optimization/demand-case.ts";
import { countFates } from "../../../src/experiment/optimization/fates.ts";
import { barOf } from "../../../src/experiment/optimization/prospects.ts";
import { meanOf } from "../../../src/experiment/optimization/rivalry.ts";
import { Search } from "../../../src/experiment/optimization/search.ts";
import { prospectOf } from "../../../src/experiment/optimization/standing.ts";
import { Trials } from "../../../src/experiment/optimization/trials.ts";
import { inlineRunner } from "../../../src/experiment/runner.ts";
import { candidatesOf, problem } from "./problems.ts";

const replications = 5;
const demands = { costs: [false, false], cases: [0], bar: barOf(replications, 0.95) };
const everything = Array.from({ length: replications }, (_, replication) => ({ demand: 0, replication }));

async function searched(seed: number) {
  const { candidates } = candidatesOf(problem(seed));
  const runner = inlineRunner(new Map());
  const trials = new Trials(candidates, [asWritten], replications, runner);
  const answer = await new Search(trials, demands).answer();
  const work = trials.count;
  const costOf = (plan: number): number => meanOf(trials.of(plan).map(({ usd }) => usd));
  const found = answer.best === undefined ? Infinity : costOf(answer.best);

  // The rest of the grid, to see what was missed.
  let optimum = Infinity;
  let possible = 0;
  for (let plan = 0; plan < candidates.lattice.size; plan++) {
    if (candidates.decoded(plan) === undefined) continue;
    possible++;
    await trials.run(plan, everything);
    if (prospectOf(trials.of(plan), demands) === "met") optimum = Math.min(optimum, costOf(plan));
  }
  return { found, optimum, share: work / (possible * replications), open: countFates(answer.fates).open };
}

it("thirty small systems of five kinds: the plan found is as cheap as the best of the grid, for at most 15 % of its replications", async () => {
  const shares: number[] = [];
  for (let seed = 0; seed < 30; seed++) {
    const { found, optimum, share, open } = await searched(seed);
    expect({ seed, open, gap: found === optimum ? 0 : Math.abs(found - optimum) / optimum }).toEqual({
      seed,
      open: 0,
      gap: expect.closeTo(0, 9),
    });
    shares.push(share);
  }
  expect(meanOf(shares)).toBeLessThanOrEqual(0.15);
}, 300_000);
