import type * as z from "zod";
import { settings } from "../../base/settings.ts";
import { Bucket } from "../../kernel/bucket.ts";
import { bucketShape, checkBucket } from "./bucket.ts";
import type { LimiterLaw } from "./limiter.ts";
import { refusedShape, reserved, settledShape, used } from "./what-counts.ts";

const reserveSettleSettings = settings({ ...bucketShape, ...settledShape, ...refusedShape });

/**
 * A token bucket from which a call reserves all that its answer may become, and which gets back at its end what it did not use,
 * as Bedrock does. A call that says how long an answer it wants leaves room for more of them. Where an answer counts for more
 * than was reserved, its end may leave the bucket below zero; then nothing is taken until it is refilled.
 */
export const reserveSettle: LimiterLaw<z.infer<typeof reserveSettleSettings>> = {
  reads: ["rpm", "tpm"],
  needs: ["tpm"],
  settings: reserveSettleSettings,
  check: checkBucket,
  create({ rpm, tpm }, given) {
    const requests = new Bucket(rpm, given.burst);
    const tokens = new Bucket(tpm, given.burst);
    return {
      wait: (now, call) => Math.max(requests.wait(now, 1), tokens.wait(now, reserved(call, given))),
      take(now, call) {
        requests.take(now, 1);
        tokens.take(now, reserved(call, given));
      },
      ...(given.refusedCount ? { refused: (now) => requests.takeAvailable(now, 1) } : {}),
      settle: (now, call) => tokens.giveBack(now, reserved(call, given) - used(call, given)),
    };
  },
};
