import type * as z from "zod";
import { abbreviated, chosen, oneOf } from "../../../base/settings.ts";
import type { Concurrency, ConcurrencyPolicy } from "./concurrency.ts";
import { fixed } from "./fixed.ts";

/** Concurrency caps by the name a scenario uses. */
export const concurrencyPolicies = { fixed };

const names = Object.keys(concurrencyPolicies);
const shapes = Object.fromEntries(Object.entries(concurrencyPolicies).map(([name, { settings }]) => [name, settings]));

/** `50`, which is `{ fixed: { limit: 50 } }`, or `{ aimd: { … } }`. */
export const concurrencySettings = abbreviated(oneOf(shapes), fixed.settings.shape["limit"] as z.ZodType, (written) =>
  typeof written === "object" ? written : { fixed: { limit: written } },
);

export function createConcurrency(given: z.infer<typeof concurrencySettings>): Concurrency {
  const [name, settings] = chosen(given, names);
  return (concurrencyPolicies[name as keyof typeof concurrencyPolicies] as ConcurrencyPolicy).create(settings);
}
