import * as z from "zod";
import { count, issue, settings } from "../../base/settings.ts";
import type { Limiter } from "./limiter.ts";
import { tokenBucket } from "./token-bucket.ts";

/** Limiter laws by the name a scenario uses. */
export const limiterLaws = { tokenBucket };

/** Limits of a provider's account: `{ law: tokenBucket, rpm: 5000, tpm: 2M, retryAfter: true }`. */
export const limitSettings = settings({
  law: z.enum(Object.keys(limiterLaws) as (keyof typeof limiterLaws)[]),
  rpm: count({ min: 1 }).optional().describe("requests per minute"),
  tpm: count({ min: 1 }).optional().describe("tokens per minute, input and output together"),
  retryAfter: z.boolean().prefault(false).describe("whether a 429 says when to come back"),
  ...tokenBucket.settings.shape,
}).superRefine(({ rpm, burst }, context) => {
  if (rpm !== undefined && (rpm / 60) * burst < 1) {
    issue(context, "contradiction", "the bucket never holds a whole request", {
      path: ["burst"],
      hint: `at least ${60 / rpm}s for this rpm`,
    });
  }
});

export type LimitSettings = z.infer<typeof limitSettings>;

export function createLimiter({ law, rpm, tpm, ...ofLaw }: LimitSettings): Limiter {
  return limiterLaws[law].create({ rpm, tpm }, ofLaw);
}
