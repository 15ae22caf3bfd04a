import { estimate } from "../estimate.ts";
import type { CapacityResult, RemedyResult } from "../capacity-result.ts";
import { type Simulated, simulatePlans } from "../plan.ts";
import { pointOf } from "../point.ts";
import type { WatchedObjective } from "../result.ts";
import type { Runner } from "../runner.ts";
import { type Remedy, remediesFor, remediesWithin } from "./remedies.ts";

interface Binding extends Pick<CapacityResult, "remedies" | "binding"> {
  /** The pool of which more replicas, or more of what they hold, help most, for sure or by the means; undefined where something else does. */
  readonly pool: string | undefined;
}

/**
 * What a system that misses an objective is short of: each resource is doubled alone, on the same seeds, and the one that helps most with
 * certainty is named. Where it is the replicas of a pool, what they hold is doubled too: if that helps for half as much as replicas
 * do, it is what the replicas are short of.
 * @param broken an objective on requests
 */
export async function bindingOf(system: Simulated, broken: WatchedObjective, runner: Runner): Promise<Binding> {
  const { plan } = system;
  const { scenario } = plan.decoded;
  const results = new Map<Remedy, RemedyResult>();
  const attempt = async (remedies: readonly Remedy[]): Promise<void> => {
    const plans = remedies.map((remedy) => ({ ...plan, decoded: { ...plan.decoded, scenario: remedy.scenario } }));
    const simulated = await simulatePlans(plans, runner);
    remedies.forEach((remedy, i) => results.set(remedy, resultOf(remedy, system, simulated[i], broken)));
  };
  await attempt(remediesFor(scenario));
  let [most] = ranked(results);
  const pool = most?.[0].pool;
  if (pool !== undefined && most[1].significant) {
    const within = remediesWithin(scenario, pool);
    await attempt(within);
    const [part] = ranked(new Map([...results].filter(([remedy]) => within.includes(remedy))));
    if (part !== undefined && part[1].significant && part[1].gain.mean >= most[1].gain.mean / 2) most = part;
  }
  const binding = most !== undefined && most[1].significant ? most[1].resource : null;
  const helps = most !== undefined && most[1].gain.mean > 0;
  return { remedies: ranked(results).map(([, result]) => result), binding, pool: helps ? pool : undefined };
}

/** What helps with certainty first, and of those what helps most. */
function ranked(results: ReadonlyMap<Remedy, RemedyResult>): [Remedy, RemedyResult][] {
  return [...results].toSorted(([, a], [, b]) => Number(b.significant) - Number(a.significant) || b.gain.mean - a.gain.mean);
}

function resultOf({ resource }: Remedy, before: Simulated, after: Simulated, broken: WatchedObjective): RemedyResult {
  const point = pointOf(after, broken);
  const place = point.classes[broken.className].objectives.findIndex(({ text }) => text === broken.text);
  const attained = ({ replications }: Simulated) => replications.map(({ summary }) => summary.classes[broken.className].attained[place]);
  const earlier = attained(before);
  const gain = estimate(attained(after).map((share, i) => share - earlier[i]));
  return { resource, gain, significant: (gain.low ?? 0) > 0, attained: point.attainment, verdict: point.verdict };
}
