import { chosen, oneOf } from "../../../base/settings.ts";
import type { Scaler, ScalingContext, ScalingPolicy } from "./scaler.ts";
import { targetTracking } from "./target-tracking.ts";

/** Policies that change the number of replicas; a pool without one keeps its minimum. */
const scalingPolicies = { targetTracking };

const names = Object.keys(scalingPolicies);

export const scalingSettings = oneOf({ targetTracking: scalingPolicies.targetTracking.settings });

export function createScaler(decoded: Readonly<Record<string, unknown>>, context: ScalingContext): Scaler {
  const [name, settings] = chosen(decoded, names);
  return (scalingPolicies[name as keyof typeof scalingPolicies] as ScalingPolicy<unknown>).create(settings, context);
}
