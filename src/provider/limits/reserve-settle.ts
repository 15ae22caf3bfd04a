import type * as z from "zod";
import { settings } from "../../base/settings.ts";
import { Bucket, bucketShape, checkBucket } from "./bucket.ts";
import type { LimiterLaw } from "./limiter.ts";
import { checkEstimate, estimateShape, refusedShape, reserved, used } from "./what-counts.ts";

const reserveSettleSettings = settings({ ...bucketShape, ...estimateShape, ...refusedShape });

/**
 * A token bucket from which a call reserves all that its answer may become, and which gets back at its end what it did not use,
 * as Bedrock does. A call that says how long an answer it wants leaves room for more of them.
 */
export const reserveSettle: LimiterLaw<z.infer<typeof reserveSettleSettings>> = {
  reads: ["rpm", "tpm"],
  needs: ["tpm"],
  settings: reserveSettleSettings,
  check(given, context) {
    checkBucket(given, context);
    checkEstimate(given, context);
  },
  create({ rpm, tpm }, given) {
    const requests = new Bucket(rpm, given.burst);
    const tokens = new Bucket(tpm, given.burst);
    return {
      admit(now, call) {
        const amount = reserved(call, given);
        const wait = (): number => Math.max(requests.wait(now, 1), tokens.wait(now, amount));
        if (wait() > 0) {
          if (given.refusedCount) requests.takeAvailable(now, 1);
          return wait();
        }
        requests.take(now, 1);
        tokens.take(now, amount);
        return 0;
      },
      settle: (now, call) => tokens.giveBack(now, reserved(call, given) - used(call, given)),
    };
  },
};
