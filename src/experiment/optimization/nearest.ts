import { type Demands, nearness } from "./standing.ts";
import type { Sample, Trials } from "./trials.ts";

/** The plan that comes nearest to the SLO, and the case of demand in which it is furthest from it. */
interface Nearest {
  readonly plan: number;
  readonly demand: number;
}

/**
 * The plan that comes nearest to the SLO among those that were tried, given all its replications so that it can be told of. Of
 * some plans only a hard replication or an easy case is known, so each is compared on what is known of it.
 */
export async function nearestOf(trials: Trials, demands: Demands): Promise<Nearest> {
  const nearer = (some: readonly Sample[], others: readonly Sample[]): boolean => {
    const [own, other] = [nearness(some, demands), nearness(others, demands)];
    return own.least > other.least || (own.least === other.least && own.mean > other.mean);
  };
  const all = demands.cases.flatMap((demand) => Array.from({ length: trials.replications }, (_, replication) => ({ demand, replication })));
  const [first, ...others] = trials.tried();
  await trials.run(first, all);
  let plan = first;
  for (const other of others) {
    const known = trials.of(other);
    const same = trials.of(plan).filter(({ unit }) => known.some((one) => isSame(one.unit, unit)));
    if (!nearer(known, same)) continue;
    await trials.run(other, all);
    if (nearer(trials.of(other), trials.of(plan))) plan = other;
  }
  const leastAt = (demand: number): number => nearness(trials.of(plan), { ...demands, cases: [demand] }).least;
  const [demand] = demands.cases.toSorted((a, b) => leastAt(a) - leastAt(b));
  return { plan, demand };
}

function isSame(one: Sample["unit"], other: Sample["unit"]): boolean {
  return one.demand === other.demand && one.replication === other.replication;
}
