import { dollars } from "../../base/format.ts";
import type { NextPlan } from "../forecast-result.ts";
import { type Plan, simulatePlans } from "../plan.ts";
import { pointOf, pointsOf } from "../point.ts";
import type { Point, WatchedObjective } from "../result.ts";
import type { Runner } from "../runner.ts";
import { onFreshSeeds, verifiedBest, whyNoChoice } from "../search.ts";
import { surelyServes } from "./courses.ts";

/** A month that breaks, and the months after it. */
export interface Trouble {
  readonly month: number;
  readonly months: number;
  readonly watched: WatchedObjective | undefined;
  /** The plan in some month. */
  readonly planIn: (plan: Plan, month: number) => Plan;
}

/** How many numbers of replicas are tried on fresh seeds before the search gives up. */
const mostChecks = 5;

type Found = NextPlan | { readonly why: string };

/** The cheapest of the candidates that keeps every objective in the month that breaks, also on fresh seeds; else why there is none. */
export async function cheapestNext(candidates: readonly Plan[], trouble: Trouble, runner: Runner): Promise<Found> {
  const { month, watched, planIn } = trouble;
  const plans = candidates.map((plan) => planIn(plan, month));
  const why = whyNoChoice(plans);
  if (why !== undefined) return { why };
  const { points } = pointsOf(await simulatePlans(plans, runner));
  const found = await verifiedBest(plans, points, watched, runner);
  if (found === undefined) return { why: `none of the ${candidates.length} plans tried keeps the SLO then` };
  const { best, verification } = found;
  return { ...(await described(candidates[best], points[best], trouble, runner)), tried: candidates.length, verification };
}

/**
 * The fewest replicas more of a pool, up to four times as many, that keep every objective in the month that breaks, also on fresh seeds;
 * none where those that serve well enough cost more than an objective allows, as still more of them would.
 * More replicas serve no fewer requests in time, so that halving finds them.
 */
export async function moreReplicas(base: Plan, pool: string, trouble: Trouble, runner: Runner): Promise<Found> {
  const { month, watched, planIn } = trouble;
  const most = 3 * base.decoded.scenario.pools[pool].replicas.max;
  let tried = 0;
  const pointAt = async (more: number): Promise<{ plan: Plan; point: Point }> => {
    tried++;
    const plan = planIn(withMore(base, pool, more), month);
    const [simulated] = await simulatePlans([plan], runner);
    return { plan, point: pointOf(simulated, watched) };
  };
  let [few, enough] = [0, 1];
  while (!surelyServes((await pointAt(enough)).point)) {
    if (enough === most) return { why: `not even four times the replicas in ${pool} keep the SLO then` };
    [few, enough] = [enough, Math.min(most, 2 * enough)];
  }
  while (enough - few > 1) {
    const middle = Math.floor((few + enough) / 2);
    if (surelyServes((await pointAt(middle)).point)) enough = middle;
    else few = middle;
  }
  const last = Math.min(most, enough + mostChecks - 1);
  for (; enough <= last; enough++) {
    const { plan, point } = await pointAt(enough);
    if (!surelyServes(point)) continue;
    const over = unmetCost(point);
    if (over !== undefined) {
      const { name } = withMore(base, pool, enough);
      return { why: `${name} would serve well enough, but at ${dollars(point.cost.usd_per_month.mean)} a month do not keep ${over}` };
    }
    const verification = await onFreshSeeds(plan, watched, runner);
    if (verification.verdict !== "met") continue;
    return { ...(await described(withMore(base, pool, enough), point, trouble, runner)), tried, verification };
  }
  return { why: `${last} more replicas in ${pool} do not keep the SLO on fresh seeds either` };
}

/** A cost objective that is not surely kept. */
function unmetCost({ classes }: Point): string | undefined {
  const found = Object.entries(classes).flatMap(([className, { objectives }]) => {
    return objectives.filter(({ kind, verdict }) => kind === "cost" && verdict !== "met").map(({ text }) => `${className} ${text}`);
  });
  return found[0];
}

function withMore(plan: Plan, pool: string, more: number): Plan {
  const { scenario } = plan.decoded;
  const { replicas } = scenario.pools[pool];
  const [min, max] = [replicas.min + more, replicas.max + more];
  const pools = { ...scenario.pools, [pool]: { ...scenario.pools[pool], replicas: { min, max } } };
  const name = `${min === max ? max : `${min} to ${max}`} replicas in ${pool}`;
  return { ...plan, name, decoded: { ...plan.decoded, scenario: { ...scenario, pools } } };
}

/** What is told of a plan that holds in the month that breaks: until when it does. */
async function described(
  plan: Plan,
  { cost }: Point,
  { month, months, watched, planIn }: Trouble,
  runner: Runner,
): Promise<Pick<NextPlan, "name" | "month" | "usd_per_month" | "holdsUntil">> {
  let holdsUntil = month;
  while (holdsUntil < months) {
    const [later] = await simulatePlans([planIn(plan, holdsUntil + 1)], runner);
    if (!surelyServes(pointOf(later, watched))) break;
    holdsUntil++;
  }
  return { name: plan.name, month, usd_per_month: cost.usd_per_month, holdsUntil };
}
