import { percent, plural, seconds } from "../base/format.ts";
import { replicaHourPrice } from "../serving/pool-settings.ts";
import { traceKey } from "../traffic/arrivals/arrivals.ts";
import type { Trace } from "../traffic/trace.ts";
import type { Plan } from "./plan.ts";
import type { ClassResult, Point, WatchedObjective } from "./result.ts";
import type { Traces } from "./runner.ts";

/** Fewer requests than this beyond an objective's threshold say little about it. */
const fewMisses = 10;
/** So large a share of requests still in flight at the end says that the system was not keeping up. */
const manyUnfinished = 0.01;
/** Share of an error budget from which on those in flight at the end are worth a word. */
const noticeable = 0.1;

/** Doubts about a result, each once: what it leaves out, too few requests, no steady state, a trace that ends early. */
export function warningsOn(
  plans: readonly Plan[],
  points: readonly Point[],
  watched: WatchedObjective | undefined,
  traces: Traces,
): string[] {
  const plansOf = new Map<string, string[]>();
  for (const point of points) {
    for (const doubt of doubtsAboutPoint(point, watched)) plansOf.set(doubt, [...(plansOf.get(doubt) ?? []), point.name]);
  }
  const ofPoints = [...plansOf].map(([doubt, names]) => (points.length === 1 ? doubt : `${doubt} (${where(names, points.length)})`));
  return [...new Set(plans.flatMap((plan) => doubtsAboutPlan(plan, traces))), ...ofPoints];
}

function where(names: readonly string[], all: number): string {
  return names.length === 1 ? `in ${names[0]}` : `in ${names.length} of ${all} plans, such as ${names[0]}`;
}

function doubtsAboutPlan({ decoded: { scenario } }: Plan, traces: Traces): string[] {
  const ofTraces = Object.entries(scenario.traffic).flatMap(([name, { arrivals }]) => {
    const trace = traces.get(traceKey(arrivals) ?? "");
    return trace === undefined ? [] : doubtsAboutTrace(trace, scenario.horizon).map((doubt) => `${name}: ${doubt}`);
  });
  const unpriced = Object.entries(scenario.pools).flatMap(([name, pool]) =>
    replicaHourPrice(pool) === undefined ? [`${name}: the pool has no price, so its replicas cost nothing here`] : [],
  );
  const alone = scenario.replications === 1 ? ["one replication has no interval: how far chance moves these numbers is not known"] : [];
  return [...ofTraces, ...unpriced, ...alone];
}

function doubtsAboutPoint(point: Point, watched: WatchedObjective | undefined): string[] {
  const ofPools = Object.entries(point.pools).flatMap(([name, { oversized }]) =>
    oversized.mean === 0
      ? []
      : [`${name}: ${plural(Math.round(oversized.mean), "attempt")} were too long for any replica and failed at once`],
  );
  const ofClasses = Object.entries(point.classes).flatMap(([name, one]) => doubtsAboutClass(name, one, point.replications));
  return [...ofPools, ...ofClasses, ...doubtsAboutWatched(point, watched)];
}

function doubtsAboutClass(name: string, { offered, outcomes, objectives }: ClassResult, replications: number): string[] {
  if (offered.mean === 0) return [`${name}: no request arrived after the warm-up, so nothing is known of it`];
  const unfinished = outcomes.unfinished.mean / offered.mean;
  const doubts: string[] = [];
  if (unfinished > manyUnfinished) {
    doubts.push(`${name}: ${percent(unfinished, 1)} of the requests were still in flight at the end; it may not be keeping up`);
  }
  for (const { text, kind, target, attained, verdict } of objectives) {
    if (kind === "cost") continue;
    if (verdict !== "met" && unfinished > noticeable * (1 - target) && attained.mean + unfinished >= target) {
      doubts.push(`${name}: requests still in flight at the end count as misses and decide ${text}; a longer horizon would tell`);
    }
    if (target < 1 && offered.mean * replications * (1 - target) < fewMisses) {
      doubts.push(`${name}: ${plural(Math.round(offered.mean), "request")} a replication are few for ${text}`);
    }
  }
  return doubts;
}

function doubtsAboutWatched({ classes }: Point, watched: WatchedObjective | undefined): string[] {
  if (watched === undefined || classes[watched.className]?.objectives.some(({ text }) => text === watched.text)) return [];
  return [`there is no objective ${watched.text} for ${watched.className}, so that the attainment is the share of requests served`];
}

function doubtsAboutTrace({ duration, outOfOrder = 0, dropped = 0 }: Trace, horizon: number): string[] {
  const doubts = [];
  if (horizon > duration * 1.01) {
    doubts.push(`its trace ends after ${seconds(duration)} of the ${seconds(horizon)} simulated; nothing arrives after that`);
  }
  if (outOfOrder > 0) doubts.push(`its trace had ${plural(outOfOrder, "row")} out of order, now sorted by time`);
  if (dropped > 0) doubts.push(`its trace had ${plural(dropped, "row")} without output, dropped as its map says`);
  return doubts;
}
