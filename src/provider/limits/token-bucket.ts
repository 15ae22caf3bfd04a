import type * as z from "zod";
import { settings } from "../../base/settings.ts";
import { Bucket } from "../../kernel/bucket.ts";
import { bucketShape, checkBucket } from "./bucket.ts";
import type { Limiter, LimiterLaw } from "./limiter.ts";

const tokenBucketSettings = settings(bucketShape);

/**
 * A bucket for requests and one for tokens, each refilled continuously and holding `burst` worth of its rate. A call is taken
 * when both hold enough for it, and charged to both at once; a refused call costs nothing. It is the one law that knows an
 * answer's length beforehand, as if every caller asked for exactly what it gets.
 */
export const tokenBucket: LimiterLaw<z.infer<typeof tokenBucketSettings>> = {
  reads: ["rpm", "tpm"],
  needs: [],
  settings: tokenBucketSettings,
  check: checkBucket,
  create({ rpm, tpm }, { burst }): Limiter {
    const requests = new Bucket(rpm, burst);
    const tokens = new Bucket(tpm, burst);
    return {
      wait: (now, { input, output }) => Math.max(requests.wait(now, 1), tokens.wait(now, input + output)),
      take(now, { input, output }) {
        requests.take(now, 1);
        tokens.take(now, input + output);
      },
    };
  },
};
