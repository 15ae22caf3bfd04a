import type { z } from "zod";
import { duration, issue } from "../../base/settings.ts";

/** Keys of the laws whose limits are buckets. */
export const bucketShape = {
  burst: duration({ above: 0 }).prefault("60s").describe("how much a full bucket holds, as time of refill"),
};

export function checkBucket({ rpm, burst }: { rpm: number | undefined; burst: number }, context: z.RefinementCtx): void {
  if (rpm !== undefined && (rpm / 60) * burst < 1) {
    issue(context, "contradiction", "the bucket never holds a whole request", {
      path: ["burst"],
      hint: `at least ${60 / rpm}s for this rpm`,
    });
  }
}
