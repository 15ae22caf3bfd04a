import { chosen, oneOf } from "../../../base/settings.ts";
import { fixed } from "./fixed.ts";
import { oracle } from "./oracle.ts";
import { predictive } from "./predictive.ts";
import type { Scaler, ScalingContext, ScalingPolicy, ScalingTraits } from "./scaler.ts";
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

type Decoded = Readonly<Record<string, unknown>>;

export function createScaler(decoded: Decoded, context: ScalingContext): Scaler {
  const { policy, settings } = policyOf(decoded);
  return policy.create(settings, context);
}

/** The name of the policy chosen, and what its settings say about it. */
export function traitsOf(decoded: Decoded): ScalingTraits & { readonly name: string } {
  const { name, policy, settings } = policyOf(decoded);
  return { name, ...policy.traits?.(settings) };
}

function policyOf(decoded: Decoded): { readonly name: string; readonly policy: ScalingPolicy<unknown>; readonly settings: unknown } {
  const [name, settings] = chosen(decoded, scalingNames);
  return { name, policy: scalingPolicies[name as keyof typeof scalingPolicies], settings };
}
