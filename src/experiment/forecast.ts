import { PlanError } from "../base/plan-error.ts";
import { assemble, type Context } from "./assemble.ts";
import { bindingOf } from "./capacity/binding.ts";
import { remembering } from "./economics/remembering.ts";
import { type Monthly, courseOf } from "./forecast/courses.ts";
import { forecastSentences } from "./forecast/forecast-words.ts";
import { type Demand, demandsOf, scenarioIn } from "./forecast/months.ts";
import { cheapestNext, moreReplicas, type Trouble } from "./forecast/next-plan.ts";
import type { Course, ForecastResult } from "./forecast-result.ts";
import { type Plan, simulatePlans } from "./plan.ts";
import { pointsOf } from "./point.ts";
import type { Axis, Result, WatchedObjective } from "./result.ts";
import type { Runner } from "./runner.ts";

/**
 * The scenario in each month of its drift: when it breaks, what it costs, and the cheapest plan that holds from then on. Months are
 * simulated alone, each for the scenario's horizon, which stands for the month.
 * @param candidates other plans that may take its place; more replicas of the pool that is tight where there are none
 * @param months whole, at least 1
 * @throws PlanError when the scenario has no drift
 */
export async function forecast(plan: Plan, candidates: readonly Plan[], months: number, runs: Runner, context: Context): Promise<Result> {
  requireDrift(plan);
  const runner = remembering(runs);
  const demands = demandsOf(plan.decoded.scenario);
  const numbers = Array.from({ length: months + 1 }, (_, month) => month);
  const plans = numbers.flatMap((month) => demands.map((demand) => monthOf(plan, month, demand, demands.length > 1)));
  const simulated = await simulatePlans(plans, runner);
  const { points, watched } = pointsOf(simulated);
  const ways = demands.map((demand, nth): Monthly => {
    const places = numbers.map((month) => month * demands.length + nth);
    return {
      demand: demands.length > 1 ? demand : null,
      simulated: places.map((place) => simulated[place]),
      points: places.map((place) => points[place]),
      places,
    };
  });
  const courses = ways.map(courseOf);
  const planned = Math.max(0, demands.indexOf("p90"));
  const next = await nextOf(plan, candidates, { way: ways[planned], course: courses[planned], demand: demands[planned], watched }, runner);
  const found: ForecastResult = { months, courses, planned, ...next };
  const axes: Axis[] = [
    { path: "month", label: "month", values: numbers.map(String) },
    ...(demands.length > 1 ? [{ path: "demand", label: "demand", values: demands }] : []),
  ];
  const advice = forecastSentences(found, points, candidates.length > 0).join(" ");
  return assemble(plans, points, { kind: "forecast", axes, watched, differences: [], forecast: found, advice }, context);
}

function monthOf(plan: Plan, month: number, demand: Demand, several: boolean): Plan {
  const scenario = scenarioIn(plan.decoded.scenario, month, demand);
  const values = [String(month), ...(several ? [demand] : [])];
  return { name: `month ${month}${several ? `, demand ${demand}` : ""}`, values, decoded: { ...plan.decoded, scenario } };
}

interface Planned {
  readonly way: Monthly;
  readonly course: Course;
  readonly demand: Demand;
  readonly watched: WatchedObjective | undefined;
}

/** What to do about the first month that is not sure. */
async function nextOf(
  plan: Plan,
  candidates: readonly Plan[],
  { way, course, demand, watched }: Planned,
  runner: Runner,
): Promise<Pick<ForecastResult, "binding" | "next" | "noNext">> {
  const { unsure, missed } = course;
  if (unsure === null) return { binding: null, next: null, noNext: null };
  // What is missed for sure tells more surely what for want of.
  const telling = missed ?? unsure;
  const { binding, pool } = await bindingOf(way.simulated[telling.month], { ...telling, target: 0 }, runner);
  const trouble: Trouble = {
    month: unsure.month,
    months: way.points.length - 1,
    watched,
    planIn: (one, month) => ({ ...one, decoded: { ...one.decoded, scenario: scenarioIn(one.decoded.scenario, month, demand) } }),
  };
  if (candidates.length === 0 && pool === undefined)
    return { binding, next: null, noNext: "no pool alone is tight, so no plan was looked for" };
  const found = candidates.length > 0 ? await cheapestNext(candidates, trouble, runner) : await moreReplicas(plan, pool!, trouble, runner);
  return "why" in found ? { binding, next: null, noNext: found.why } : { binding, next: found, noNext: null };
}

function requireDrift({ decoded: { scenario } }: Plan): void {
  if (scenario.drift !== undefined && Object.keys(scenario.drift).length > 0) return;
  throw new PlanError({
    code: "missing-key",
    path: "drift",
    message: "nothing is said of how the months differ",
    hint: "--set drift.traffic=8% lets the traffic grow by 8 % a month; drift may also hold lengths, hit rates, vectors and prices",
  });
}
