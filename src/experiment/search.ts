import { mapValues } from "../base/records.ts";
import type { Scenario } from "../scenario/schema.ts";
import { replicaHourPrice } from "../serving/pool-price.ts";
import { type Plan, simulatePlans } from "./plan.ts";
import { pointOf } from "./point.ts";
import type { Point, Verification, WatchedObjective } from "./result.ts";
import type { Runner } from "./runner.ts";

/** How many of the cheapest plans are tried on fresh seeds before the search gives up. */
const mostCandidates = 5;

/** What the planner does not choose: what arrives, what is asked for, and what goes wrong. */
function circumstancesOf({ traffic, pools }: Scenario): string {
  const demand = mapValues(traffic, ({ arrivals, inputTokens, outputTokens, inputScale, outputScale, slo }) => {
    return { arrivals, inputTokens, outputTokens, inputScale, outputScale, slo };
  });
  const faults = Object.values(pools).map((pool) => pool.faults);
  return JSON.stringify([demand, faults.filter((one) => Object.keys(one).length > 0)]);
}

/** Which providers a plan has is its choice; what goes wrong at one that several have is not. */
function providersDiffer(scenarios: readonly Scenario[]): boolean {
  const seen = new Map<string, string>();
  return scenarios
    .flatMap(({ providers }) => Object.entries(providers))
    .some(([name, { faults }]) => {
      const text = JSON.stringify(faults);
      const other = seen.get(name) ?? text;
      seen.set(name, other);
      return other !== text;
    });
}

/** Why none of these plans can be called the best, as the end of a sentence; undefined when they can be compared. */
export function whyNoChoice(plans: readonly Plan[]): string | undefined {
  const scenarios = plans.map(({ decoded }) => decoded.scenario);
  if (new Set(scenarios.map(circumstancesOf)).size > 1 || providersDiffer(scenarios))
    return "they differ in traffic, SLO or faults, which are not for the planner to choose, so none is advised";
  if (Object.values(scenarios[0].traffic).every(({ slo }) => slo.length === 0)) return "there is no SLO, so none is advised";
  const unpriced = scenarios.some(({ pools }) => Object.values(pools).some((pool) => replicaHourPrice(pool) === undefined));
  return unpriced ? "not every pool has a price, so none can be called the cheapest" : undefined;
}

/** The plans that met every objective, cheapest first; of equals the one that attains more. */
export function byCost(points: readonly Point[]): Point[] {
  return points
    .filter(({ verdict }) => verdict === "met")
    .toSorted((a, b) => a.cost.usd_per_month.mean - b.cost.usd_per_month.mean || b.attainment.mean - a.attainment.mean);
}

/**
 * The cheapest plan that meets every objective also on fresh seeds. The cheapest of many has had luck on its side, so the seeds
 * that chose it cannot vouch for it.
 */
export async function verifiedBest(
  plans: readonly Plan[],
  points: readonly Point[],
  watched: WatchedObjective | undefined,
  runner: Runner,
): Promise<{ best: number; verification: Verification } | undefined> {
  for (const candidate of byCost(points).slice(0, mostCandidates)) {
    const best = points.indexOf(candidate);
    const verification = await onFreshSeeds(plans[best], watched, runner);
    if (verification.verdict === "met") return { best, verification };
  }
  return undefined;
}

/** The plan once more, on seeds that had no part in choosing it. */
export async function onFreshSeeds(plan: Plan, watched: WatchedObjective | undefined, runner: Runner): Promise<Verification> {
  const [again] = await simulatePlans([plan], runner, { firstReplication: plan.decoded.scenario.replications });
  const { replications, verdict, attainment, cost } = pointOf(again, watched);
  return { replications, verdict, attainment, usd_per_month: cost.usd_per_month };
}
