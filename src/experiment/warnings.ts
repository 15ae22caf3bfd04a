import { percent, plural } from "../base/format.ts";
import { traceKey } from "../traffic/arrivals/arrivals.ts";
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
      if (trace !== undefined && horizon > trace.duration * 1.01) {
        warnings.add(
          `${name}: its trace ends after ${Math.round(trace.duration)} s of the ${horizon} s simulated; nothing arrives after that`,
        );
      }
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
