import { adviceOnComparison } from "./advice.ts";
import { assemble, type Context } from "./assemble.ts";
import { differencesFromFirst } from "./differences.ts";
import { type Plan, simulatePlans, type Wanted } from "./plan.ts";
import { pointsOf } from "./point.ts";
import type { Result } from "./result.ts";
import type { Runner } from "./runner.ts";
import { byCost } from "./search.ts";

/** Compares systems with the first of them, replication by replication under common random numbers. At least two plans. */
export async function compare(plans: readonly Plan[], runner: Runner, context: Context, wanted: Wanted = {}): Promise<Result> {
  const simulated = await simulatePlans(plans, runner, wanted);
  const { points, watched } = pointsOf(simulated);
  const differences = differencesFromFirst(simulated);
  const [cheapest] = byCost(points);
  const best = cheapest === undefined ? undefined : points.indexOf(cheapest);
  const findings = {
    kind: "compare",
    axes: [],
    watched,
    differences,
    advice: adviceOnComparison(points, differences, cheapest),
    best,
  } as const;
  return assemble(plans, points, findings, context);
}
