import { PlanError } from "../base/plan-error.ts";
import { assemble, type Context } from "./assemble.ts";
import { bindingOf } from "./capacity/binding.ts";
import { breakOf, factorOf, questions, searchBreak, type Trial } from "./capacity/break-search.ts";
import { capacitySentences } from "./capacity/capacity-words.ts";
import { multiples } from "./capacity/multiples.ts";
import type { Break, CapacityResult } from "./capacity-result.ts";
import { remembering } from "./economics/remembering.ts";
import { scaledTraffic } from "./inputs/traffic.ts";
import { type Plan, type Simulated, simulatePlans } from "./plan.ts";
import { pointOf, pointsOf } from "./point.ts";
import type { Result } from "./result.ts";
import type { Runner } from "./runner.ts";
import { onFreshSeeds } from "./search.ts";
import { withSlowerEngines } from "./slower-engines.ts";
import { tightest } from "./tightest.ts";

export interface CapacityWanted {
  /** Largest multiple tried, above 1. */
  readonly upTo: number;
  /** Share by which the multiples between which the answer lies may differ. */
  readonly resolution: number;
}

/**
 * The headroom factor: the largest multiple of all traffic that keeps the SLO, under common random numbers, and what breaks beyond it.
 * @throws PlanError when no class has an objective on its requests
 */
export async function capacity(plan: Plan, { upTo, resolution }: CapacityWanted, runs: Runner, context: Context): Promise<Result> {
  requireObjectives(plan);
  const runner = remembering(runs);
  const grid = multiples(resolution, upTo);
  const attempt = async (step: number, replications = plan.decoded.scenario.replications): Promise<Trial> => {
    const multiple = grid.at(step);
    const [simulated] = await simulatePlans([timesTraffic(plan, multiple, replications)], runner);
    return { step, multiple, simulated, point: pointOf(simulated, undefined), heard: isHeard(simulated) };
  };
  const scouted = async (step: number): Promise<number | undefined> => {
    const { heard, point } = await attempt(step, 1);
    return heard ? point.margin.mean : undefined;
  };
  const trials = await searchBreak(grid, attempt, scouted);
  const simulated = trials.map((trial) => trial.simulated);
  const { points, watched } = pointsOf(simulated);
  const surely = breakOf(trials, questions.surelyMet).last;
  const best = surely === undefined ? undefined : trials.indexOf(surely);
  const verification = surely && (await onFreshSeeds(surely.simulated.plan, watched, runner));
  const slowerEngines = surely && (await withSlowerEngines(surely.simulated.plan, watched, runner));
  const found = await findings(trials, resolution, runner);
  const axis = { path: "traffic", label: "traffic multiple", values: trials.map(({ multiple }) => String(multiple)) };
  const advice = capacitySentences(found).join(" ");
  return assemble(
    simulated.map((one) => one.plan),
    points,
    { kind: "capacity", axes: [axis], watched, differences: [], best, verification, slowerEngines, capacity: found, advice },
    context,
  );
}

function timesTraffic(plan: Plan, multiple: number, replications: number): Plan {
  const scenario = { ...scaledTraffic(plan.decoded.scenario, multiple), replications };
  return { name: `traffic multiple ${multiple}`, values: [String(multiple)], decoded: { ...plan.decoded, scenario } };
}

function isHeard({ plan, replications }: Simulated): boolean {
  const judged = Object.entries(plan.decoded.scenario.traffic).filter(([, { slo }]) => slo.length > 0);
  return replications.every(({ summary }) => judged.every(([name]) => summary.classes[name].counts.offered > 0));
}

async function findings(trials: readonly Trial[], resolution: number, runner: Runner): Promise<CapacityResult> {
  const low = breakOf(trials, questions.surelyMet).last;
  const high = breakOf(trials, questions.notSurelyMissed).first;
  const beyond = high ?? breakOf(trials, questions.keptByMeans).first;
  const breaks = beyond === undefined ? null : breakAt(beyond);
  const watched = breaks === null || breaks.kind === "cost" ? undefined : { ...breaks, target: 0 };
  const binding = watched && beyond && (await bindingOf(beyond.simulated, watched, runner));
  const kept = trials.findLast(({ step, point }) => {
    return point.verdict === "met" && trials.some((other) => other.step < step && other.point.verdict === "missed");
  });
  const missed = kept && trials.findLast(({ step, point }) => step < kept.step && point.verdict === "missed");
  return {
    factor: factorOf(trials),
    low: low?.multiple ?? null,
    high: high?.multiple ?? null,
    least: trials[0].multiple,
    largest: trials[trials.length - 1].multiple,
    resolution,
    breaks,
    remedies: binding?.remedies ?? [],
    binding: binding?.binding ?? null,
    again: missed && kept ? { missed: missed.multiple, kept: kept.multiple } : null,
  };
}

function breakAt({ multiple, point }: Trial): Break {
  // By its means another may be tighter of which nothing is sure.
  const { className, objective } = tightest(point.classes, point.verdict === "missed" ? "missed" : undefined)!;
  return { className, text: objective.text, kind: objective.kind, at: multiple, attained: objective.attained };
}

function requireObjectives({ decoded: { scenario } }: Plan): void {
  const objectives = Object.values(scenario.traffic).flatMap(({ slo }) => slo);
  if (objectives.some(({ kind }) => kind !== "cost")) return;
  const [name] = Object.keys(scenario.traffic);
  throw new PlanError({
    code: "missing-key",
    path: `traffic.${name}.slo`,
    message: "no class has an objective on its requests, so no traffic is too much",
    hint: `--set 'traffic.${name}.slo=["ttft p95 < 2s"]'`,
  });
}
