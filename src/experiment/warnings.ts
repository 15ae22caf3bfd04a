import { percent, plural, seconds } from "../base/format.ts";
import { traceKey } from "../traffic/arrivals/arrivals.ts";
import type { Trace } from "../traffic/trace.ts";
import type { Plan } from "./plan.ts";
import type { Point } from "./result.ts";
import type { Traces } from "./runner.ts";

/** Fewer requests than this beyond an objective's threshold say little about it. */
const fewMisses = 10;
/** So large a share of requests still in flight at the end says that the system was not keeping up. */
const manyUnfinished = 0.01;

/** Doubts about the statistics of a result, each once: too few requests, no steady state, a trace that ends early. */
export function warningsOn(plans: readonly Plan[], points: readonly Point[], traces: Traces): string[] {
  const warnings = new Set<string>();
  for (const { decoded } of plans) {
    const { horizon, traffic, replications } = decoded.scenario;
    for (const [name, { arrivals }] of Object.entries(traffic)) {
      const trace = traces.get(traceKey(arrivals) ?? "");
      if (trace !== undefined) for (const doubt of doubtsAbout(trace, horizon)) warnings.add(`${name}: ${doubt}`);
    }
    if (replications === 1) warnings.add("one replication has no interval: how far chance moves these numbers is not known");
  }
  for (const point of points) {
    for (const [name, { offered, outcomes, objectives }] of Object.entries(point.classes)) {
      if (offered.mean === 0) warnings.add(`${name}: no request arrived after the warm-up`);
      const unfinished = outcomes.unfinished.mean / offered.mean;
      if (unfinished > manyUnfinished) {
        warnings.add(
          `${name}: ${percent(unfinished, 1)} of the requests were still in flight at the end in ${point.name}; it may not be keeping up`,
        );
      }
      for (const { text, target } of objectives) {
        const allowed = offered.mean * point.replications * (1 - target);
        if (target < 1 && allowed < fewMisses) {
          warnings.add(`${name}: ${plural(Math.round(offered.mean), "request")} a replication are few for ${text}`);
        }
      }
    }
  }
  return [...warnings];
}

function doubtsAbout({ duration, outOfOrder = 0, dropped = 0 }: Trace, horizon: number): string[] {
  const doubts = [];
  if (horizon > duration * 1.01) {
    doubts.push(`its trace ends after ${seconds(duration)} of the ${seconds(horizon)} simulated; nothing arrives after that`);
  }
  if (outOfOrder > 0) doubts.push(`its trace had ${plural(outOfOrder, "row")} out of order, now sorted by time`);
  if (dropped > 0) doubts.push(`its trace had ${plural(dropped, "row")} without output, dropped as its map says`);
  return doubts;
}
