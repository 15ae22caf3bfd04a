import type * as z from "zod";
import { count, issue, settings } from "../../base/settings.ts";

const offer = settings({
  min: count({ min: 1, whole: true }).describe("fewest units of a deployment"),
  step: count({ min: 1, whole: true }).describe("by which that grows"),
});

/** In which sizes provisioned units are sold, by where their deployments are. */
export const soldUnits = settings({
  regional: offer.optional().describe("in one region"),
  global: offer.optional().describe("anywhere"),
}).superRefine(({ regional, global }, context) => {
  if ((regional ?? global) === undefined) {
    issue(context, "missing-key", "needs regional or global", { hint: "regional: { min: 50, step: 50 }" });
  }
});

/** Where units may be. */
export const scopes = ["regional", "global"] as const;

export type SoldUnits = z.infer<typeof soldUnits>;
export type Offer = z.infer<typeof offer>;

/** The fewest units on offer that are at least so many. */
export function unitsOnOffer(exact: number, { min, step }: Offer): number {
  return min + Math.ceil(Math.max(0, exact - min) / step - rounding) * step;
}

/** Share of a step that is not worth another one, so that a need of exactly so many units is not taken for more. */
const rounding = 1e-9;

/** Refuses a number of units that nobody sells. */
export function checkSold(units: number, sold: SoldUnits | undefined, context: z.RefinementCtx): void {
  if (sold === undefined) return;
  const offers = scopes.flatMap((scope) => (sold[scope] === undefined ? [] : [{ scope, ...sold[scope] }]));
  if (offers.length === 0 || offers.some((one) => unitsOnOffer(units, one) === units)) return;
  const hint = offers.map(({ scope, min, step }) => `${scope} from ${min} in steps of ${step}`).join(", ");
  issue(context, "out-of-range", "is not a number of units that is sold", { path: ["units"], hint });
}
