import type * as z from "zod";
import { amount, plural, seconds } from "../base/format.ts";
import { issue } from "../base/settings.ts";
import type { PoolSettings } from "../serving/pool-settings.ts";
import { classWithoutFuture } from "./future-arrivals.ts";
import { checkFaultCount, checkOutageCount } from "./fault-counts.ts";
import type { Scenario } from "./schema.ts";

/** More of these in a run were surely not meant, and would take for ever. */
const mostDecisions = 10_000_000;
const mostReplicaFaults = 1_000_000;

type Checked = Pick<Scenario, "traffic" | "caches" | "vectorStores" | "pipelines" | "pools" | "horizon">;

/** What scaling and faults need of the rest of the scenario: an end. */
export function checkFleets(scenario: Checked, context: z.RefinementCtx): void {
  for (const [name, pool] of Object.entries(scenario.pools)) {
    checkDecisions(name, pool, scenario, context);
    checkOracle(name, pool, scenario, context);
    checkFaults(name, pool, scenario.horizon, context);
  }
}

function checkDecisions(name: string, { scaling }: PoolSettings, { horizon }: Checked, context: z.RefinementCtx): void {
  for (const [policy, settings] of Object.entries(scaling ?? {})) {
    const { every = Infinity } = settings as { every?: number };
    const path = ["pools", name, "scaling", policy];
    if (horizon / every <= mostDecisions) continue;
    issue(context, "out-of-range", `would decide ${amount(Math.round(horizon / every))} times in ${seconds(horizon)}`, {
      path: [...path, "every"],
      hint: `allowed: up to ${plural(mostDecisions, "decision")} in a run; autoscalers decide every 15s or so`,
    });
  }
}

function checkOracle(name: string, { scaling }: PoolSettings, scenario: Checked, context: z.RefinementCtx): void {
  const oracle = scaling?.oracle as { window: number } | undefined;
  if (oracle === undefined) return;
  const path = ["pools", name, "scaling", "oracle"];
  if (oracle.window > scenario.horizon) {
    issue(context, "contradiction", "is longer than the run", { path: [...path, "window"], hint: "60s, or about what users wait" });
  }
}

/** A policy that knows the future needs one. What the paths name must be there. */
export function checkFutures(scenario: Scenario, context: z.RefinementCtx): void {
  for (const [name, { scaling }] of Object.entries(scenario.pools)) {
    const looped = scaling?.oracle === undefined ? undefined : classWithoutFuture(scenario, name);
    if (looped === undefined) continue;
    issue(context, "contradiction", `nobody can know when ${looped} will ask, since its clients wait for their answers`, {
      path: ["pools", name, "scaling", "oracle"],
      hint: "give the class a rate, a profile or a trace of requests that are each alone, or use another policy",
    });
  }
}

function checkFaults(name: string, { faults, replicas, warm }: PoolSettings, horizon: number, context: z.RefinementCtx): void {
  const path = (kind: string): PropertyKey[] => ["pools", name, "faults", kind, "every"];
  for (const kind of ["stockOut", "zoneLoss"] as const) checkOutageCount(faults[kind], path(kind), horizon, context);
  for (const kind of ["crash", "spotInterruption"] as const) {
    const every = faults[kind]?.every;
    if (every === undefined) continue;
    checkFaultCount((horizon * (replicas.max + (warm?.size ?? 0))) / every, mostReplicaFaults, path(kind), horizon, context);
  }
}
