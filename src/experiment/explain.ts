import { assemble, type Context } from "./assemble.ts";
import { counting } from "./counting.ts";
import { differencesFromFirst } from "./differences.ts";
import { remembering } from "./economics/remembering.ts";
import { adviceOnExplanation } from "./explanation/advice.ts";
import { attainmentFigure } from "./explanation/figures.ts";
import { applies, causes } from "./explanation/registry.ts";
import { replicationsOfEnds, sensitivityOf } from "./explanation/sensitivity.ts";
import { blameOf, worthOf } from "./explanation/worth.ts";
import { type Plan, requireReplications, simulatePlans } from "./plan.ts";
import { pointOf, pointsOf } from "./point.ts";
import type { Result } from "./result.ts";
import type { Runner } from "./runner.ts";

export interface Explaining {
  /** Whether the inputs are changed too, by default they are. */
  readonly sensitivity?: boolean;
}

/**
 * Why a system misses what it misses: itself on the same seeds without one cause at a time, and with each of its inputs at 0.8 and 1.2.
 * @throws PlanError when one replication is cut into batches
 */
export async function explain(plan: Plan, runs: Runner, context: Context, { sensitivity = true }: Explaining = {}): Promise<Result> {
  requireReplications(plan);
  const counted = counting(runs);
  const runner = remembering(counted);
  const { scenario } = plan.decoded;
  const found = causes.filter((cause) => applies(cause, scenario));
  const plans = [
    plan,
    ...found.map((cause): Plan => ({ ...plan, name: cause.words, decoded: { ...plan.decoded, scenario: cause.removed(scenario) } })),
  ];
  const simulated = await simulatePlans(plans, runner);
  const [base, ...without] = simulated;
  // The objective is that of the system as it is: what is tightest without a cause is another question.
  const { watched } = pointsOf([base]);
  const attainment = attainmentFigure(base, watched);
  const worths = worthOf(found, base, without, attainment);
  const order = worths.map(({ cause }) => found.findIndex(({ name }) => name === cause));
  const ordered = [base, ...order.map((i) => without[i])];
  const byCause = new Map(found.map(({ name }, i) => [name, without[i]]));
  const ends = sensitivity ? await sensitivityOf(base, attainment, runner) : [];
  const points = ordered.map((one) => pointOf(one, watched));
  const explanation = {
    causes: worths,
    blame: blameOf(worths, byCause, attainment),
    sensitivity: ends,
    sensitivityReplications: sensitivity ? replicationsOfEnds(base.replications.length) : 0,
    simulations: counted.count(),
  };
  const findings = { kind: "explain", axes: [], watched, differences: differencesFromFirst(ordered), explanation } as const;
  const advice = adviceOnExplanation(explanation, points, watched);
  return assemble(
    ordered.map((one) => one.plan),
    points,
    { ...findings, advice },
    context,
  );
}
