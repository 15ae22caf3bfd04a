import type * as z from "zod";
import { chosen, oneOf } from "../../../base/settings.ts";
import { fixed } from "./fixed.ts";
import { type MetricName, onlyOfReady } from "./metrics.ts";
import { oracle } from "./oracle.ts";
import { predictive } from "./predictive.ts";
import type { Scaler, ScalingContext, ScalingPolicy } from "./scaler.ts";
import { scheduled } from "./scheduled.ts";
import { targetTracking } from "./target-tracking.ts";

/** Policies that change the number of replicas; a pool without one keeps its minimum. */
const scalingPolicies = { fixed, targetTracking, scheduled, predictive, oracle };

export const scalingNames = Object.keys(scalingPolicies) as (keyof typeof scalingPolicies)[];

export const scalingSettings = oneOf({
  fixed: fixed.settings,
  targetTracking: targetTracking.settings,
  scheduled: scheduled.settings,
  predictive: predictive.settings,
  oracle: oracle.settings,
});

export function createScaler(decoded: Readonly<Record<string, unknown>>, context: ScalingContext): Scaler {
  const [name, settings] = chosen(decoded, scalingNames);
  return (scalingPolicies[name as keyof typeof scalingPolicies] as ScalingPolicy<unknown>).create(settings, context);
}

/** The metric, if it is one that only replicas have: where there is none it is 0, and a pool that went by it would never start one. */
export function neverWakes(decoded: Readonly<Record<string, unknown>>): MetricName | undefined {
  const [name, settings] = chosen(decoded, scalingNames);
  if (name !== "targetTracking") return undefined;
  const { metric } = settings as z.infer<typeof targetTracking.settings>;
  return onlyOfReady(metric) ? metric : undefined;
}

/** Numbers of replicas that the settings name, each with its place below `scaling`. */
export function namedReplicas(decoded: Readonly<Record<string, unknown>>): { readonly path: PropertyKey[]; readonly count: number }[] {
  const [name, settings] = chosen(decoded, scalingNames);
  if (name === "fixed") return [{ path: [name, "replicas"], count: (settings as z.infer<typeof fixed.settings>).replicas }];
  if (name !== "scheduled") return [];
  const { table } = settings as z.infer<typeof scheduled.settings>;
  return table.map(([, count], row) => ({ path: [name, "table", row, 1], count }));
}

/** Seconds after which traffic is expected to repeat; undefined for a policy that does not expect it to. */
export function seasonOf(decoded: Readonly<Record<string, unknown>>): number | undefined {
  const [name, settings] = chosen(decoded, scalingNames);
  return name === "predictive" ? (settings as z.infer<typeof predictive.settings>).season : undefined;
}

export function goesByKv(decoded: Readonly<Record<string, unknown>>): boolean {
  const [name, settings] = chosen(decoded, scalingNames);
  return name === "targetTracking" && (settings as z.infer<typeof targetTracking.settings>).metric === "kvUse";
}

/** Whether the number of replicas may change during the run. */
export function changes(decoded: Readonly<Record<string, unknown>> | undefined): boolean {
  return decoded !== undefined && chosen(decoded, scalingNames)[0] !== "fixed";
}
