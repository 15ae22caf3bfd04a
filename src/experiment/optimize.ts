import { PlanError } from "../base/plan-error.ts";
import { assemble, type Context } from "./assemble.ts";
import { counting } from "./counting.ts";
import { withEconomics } from "./cache-economics.ts";
import { remembering } from "./economics/remembering.ts";
import { confidence as usualConfidence } from "./estimate.ts";
import type { CaseResult, Chosen } from "./optimization-result.ts";
import type { Candidates } from "./optimization/candidates.ts";
import type { DemandCase } from "./optimization/demand-case.ts";
import { countFates } from "./optimization/fates.ts";
import { adviceOnOptimization } from "./optimization/optimization-words.ts";
import { barOf } from "./optimization/prospects.ts";
import { meanOf } from "./optimization/rivalry.ts";
import { type Answer, type Question, Search } from "./optimization/search.ts";
import { nearestOf } from "./optimization/nearest.ts";
import type { Demands } from "./optimization/standing.ts";
import { Trials } from "./optimization/trials.ts";
import { type Plan, requireReplications, simulatePlans } from "./plan.ts";
import { pointOf, pointsOf } from "./point.ts";
import { readinessOf } from "./readiness.ts";
import type { Axis, Point, Result, Verification, WatchedObjective } from "./result.ts";
import type { Runner } from "./runner.ts";
import { whyNoChoice } from "./search.ts";
import { withSlowerEngines } from "./slower-engines.ts";

/** What may be chosen, and what the choice must stand. */
export interface Optimizing {
  readonly candidates: Candidates;
  /** Each value of each axis once, which is enough to tell whether plans can be chosen from. */
  readonly probes: readonly Plan[];
  /** Of demand, hardest first; one, as written, unless there are several. */
  readonly cases: readonly DemandCase[];
  /** Of the second search, which asks for more. */
  readonly confidence: number;
}

/** How many of the cheapest plans are tried on fresh seeds before the search gives up. */
const mostCandidates = 5;

/**
 * The cheapest plan that keeps every SLO in every case of demand, verified on fresh seeds.
 * @param simulatedPlans is handed the plans of the points
 * @throws PlanError when nothing can be chosen, as without an SLO or a price
 */
export async function optimize(
  given: Optimizing,
  runs: Runner,
  context: Context,
  simulatedPlans: (plans: readonly Plan[]) => void,
): Promise<Result> {
  const { candidates, probes, cases, confidence } = given;
  requireChoice(probes);
  const counted = counting(runs);
  const runner = remembering(counted);
  const { scenario } = probes[0].decoded;
  const { replications } = scenario;
  const trials = new Trials(candidates, cases, replications, runner);
  const axes = cases.length > 1 ? [...candidates.axes, demandAxis(cases)] : candidates.axes;
  const demands: Demands = {
    costs: Object.values(scenario.traffic).flatMap(({ slo }) => slo.map(({ kind }) => kind === "cost")),
    cases: cases.map((_, i) => i),
    bar: barOf(replications, usualConfidence),
  };
  const ask = (more: Partial<Question> = {}): Promise<Answer> => new Search(trials, { ...demands, ...more }).answer();

  const answer = await ask();
  const nearest = answer.best === undefined ? await nearestOf(trials, demands) : undefined;
  const search = counted.count();
  const watchedOf = (plan: number): WatchedObjective | undefined =>
    pointsOf(cases.map((_, demand) => trials.simulated(plan, demand, axes))).watched;
  const { found, failed, verification, verified } = await verify(trials, axes, answer.best, ask, watchedOf, runner);

  const second = found === undefined ? undefined : (await ask({ excluded: [...failed, found] })).best;
  const surer = (await ask({ bar: barOf(replications, confidence) })).best;
  const chosen = (plan: number | undefined, of = demands.cases): Chosen | null =>
    plan === undefined ? null : { values: candidates.valuesOf(plan), usd_per_month: costOf(trials, plan, of) };
  const caseResults: CaseResult[] = [];
  for (const [demand, one] of (cases.length > 1 ? cases : []).entries()) {
    const best = chosen((await ask({ cases: [demand] })).best, [demand]);
    const own = found === undefined ? null : pointOf(trials.simulated(found, demand, axes), undefined).cost.usd_per_month;
    const regret = best === null || own === null ? null : own.mean - best.usd_per_month;
    caseResults.push({ name: one.name, factor: one.factor, usd_per_month: own, best, regret_usd_per_month: regret });
  }

  const whole = trials.tried().filter((plan) => trials.isWhole(plan));
  const shown = whole.toSorted((a, b) => inGridOrder(candidates, a, b)).flatMap((plan) => cases.map((_, demand) => ({ plan, demand })));
  const simulated = shown.map(({ plan, demand }) => trials.simulated(plan, demand, axes));
  const { points: bare, watched } = pointsOf(simulated);
  const indexOf = (plan: number, demand = 0): number => shown.findIndex((one) => one.plan === plan && one.demand === demand);
  const best = found === undefined ? undefined : indexOf(found);
  const points = await bestWithEconomics(simulated, bare, best, runner);
  const slowerEngines = best === undefined ? undefined : await withSlowerEngines(simulated[best].plan, watched, runner);
  const readiness = best === undefined ? undefined : await readinessOf(simulated[best], runner);

  const { impossible, bound, less, missed, dearer, more, met } = countFates(answer.fates);
  const grid = (candidates.lattice.size - impossible) * cases.length * replications;
  const optimization = {
    plans: candidates.lattice.size,
    impossible,
    decidedBy: { bound, less, missed, dearer, more, met },
    replications: { search, grid, share: search / grid, verification: verified, asides: counted.count() - search - verified },
    nearest: nearest === undefined ? null : indexOf(nearest.plan, nearest.demand),
    runnerUp: chosen(second),
    surer: { confidence, choice: chosen(surer) },
    cases: caseResults,
  };
  const advice = adviceOnOptimization({ points, axes: candidates.axes, best, optimization, verification, failed: failed.length });
  const plans = simulated.map(({ plan }) => plan);
  simulatedPlans(plans);
  const findings = {
    kind: "optimize",
    axes,
    watched,
    differences: [],
    advice,
    slowerEngines,
    readiness,
    optimization,
    best,
    verification,
  } as const;
  return assemble(plans, points, findings, context);
}

function requireChoice(probes: readonly Plan[]): void {
  requireReplications(probes[0]);
  const why = whyNoChoice(probes);
  if (why === undefined) return;
  const hint = "headroom sweep shows what such plans do; --demand plans for traffic that is not certain";
  throw new PlanError({ code: "bad-flag", path: "optimize", message: `cannot choose among these plans: ${why}`, hint });
}

function demandAxis(cases: readonly DemandCase[]): Axis {
  return { path: "demand", label: "demand", values: cases.map(({ name }) => name) };
}

/** The cheapest of many has had luck on its side, so it must meet everything again on fresh seeds; else the next is tried. */
async function verify(
  trials: Trials,
  axes: readonly Axis[],
  first: number | undefined,
  ask: (more: Partial<Question>) => Promise<Answer>,
  watchedOf: (plan: number) => WatchedObjective | undefined,
  runner: Runner,
): Promise<{ found: number | undefined; failed: number[]; verification: Verification | undefined; verified: number }> {
  const failed: number[] = [];
  let verified = 0;
  let candidate = first;
  while (candidate !== undefined && failed.length < mostCandidates) {
    const plan = candidate;
    const again = trials.cases.map((_, demand) => trials.plan(plan, demand, axes));
    const fresh = await simulatePlans(again, runner, { firstReplication: trials.replications });
    verified += again.length * trials.replications;
    const points = fresh.map((one) => pointOf(one, watchedOf(plan)));
    if (points.every(({ verdict }) => verdict === "met")) {
      const { replications, verdict, attainment, cost } = points[0];
      return { found: plan, failed, verification: { replications, verdict, attainment, usd_per_month: cost.usd_per_month }, verified };
    }
    failed.push(plan);
    candidate = (await ask({ excluded: failed })).best;
  }
  return { found: undefined, failed, verification: undefined, verified };
}

async function bestWithEconomics(
  simulated: Parameters<typeof withEconomics>[0],
  points: readonly Point[],
  best: number | undefined,
  runner: Runner,
) {
  if (best === undefined) return points;
  const [point] = await withEconomics([simulated[best]], [points[best]], 0, runner);
  return points.map((one, i) => (i === best ? point : one));
}

function costOf(trials: Trials, plan: number, cases: readonly number[]): number {
  const own = trials.of(plan).filter(({ unit }) => cases.includes(unit.demand));
  return meanOf(own.map(({ usd }) => usd));
}

function inGridOrder({ lattice }: Candidates, a: number, b: number): number {
  const [first, second] = [lattice.positionsOf(a), lattice.positionsOf(b)];
  const axis = first.findIndex((position, i) => position !== second[i]);
  return axis === -1 ? 0 : first[axis] - second[axis];
}
