import type * as z from "zod";
import { abbreviated, chosen, oneOf } from "../../../base/settings.ts";
import { aimd } from "./aimd.ts";
import type { Concurrency, ConcurrencyPolicy } from "./concurrency.ts";
import { fixed } from "./fixed.ts";
import { gradient } from "./gradient.ts";

/** Concurrency caps by the name a scenario uses. */
export const concurrencyPolicies = { fixed, aimd, gradient };

const names = Object.keys(concurrencyPolicies);
const shapes = Object.fromEntries(
  Object.entries(concurrencyPolicies).map(([name, policy]) => [name, checked(policy as ConcurrencyPolicy)]),
);

/** `50`, which is `{ fixed: { limit: 50 } }`, or `{ aimd: { … } }`. */
export const concurrencySettings = abbreviated(oneOf(shapes), fixed.settings.shape["limit"] as z.ZodType, (written) =>
  typeof written === "object" ? written : { fixed: { limit: written } },
);

export function createConcurrency(given: z.infer<typeof concurrencySettings>): Concurrency {
  const [name, settings] = chosen(given, names);
  return (concurrencyPolicies[name as keyof typeof concurrencyPolicies] as ConcurrencyPolicy).create(settings);
}

/** A policy's settings, with what it checks across them. */
function checked(policy: ConcurrencyPolicy): z.ZodType {
  return policy.settings.superRefine((given, context) => policy.check?.(given, context));
}
