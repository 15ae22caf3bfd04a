import type * as z from "zod";
import { settings } from "../../base/settings.ts";
import { Bucket } from "../../kernel/bucket.ts";
import { bucketShape, checkBucket } from "./bucket.ts";
import type { Call, LimiterLaw } from "./limiter.ts";
import { promptOf, weightShape } from "./what-counts.ts";

const streamingSettings = settings({ ...bucketShape, ...weightShape });

/**
 * A token bucket that is charged with the prompt at the start and with the answer as it is produced, as Anthropic counts since
 * 2026: maxOutput does not matter. A call is taken while the bucket holds its prompt. Answers may drain it below zero; then
 * nothing is taken until it is refilled. When a refused call should come back is said without the answers still being
 * produced, whose lengths nobody knows: with any, it may be too early.
 */
export const streaming: LimiterLaw<z.infer<typeof streamingSettings>> = {
  reads: ["rpm", "tpm"],
  needs: ["tpm"],
  settings: streamingSettings,
  check: checkBucket,
  create({ rpm, tpm }, given) {
    const { burst, outputWeight } = given;
    const requests = new Bucket(rpm, burst);
    const tokens = new Bucket(tpm, burst);
    // After the first token the bucket drains steadily, so that the answer so far is charged whenever a token is there.
    const flows = ({ output, tpot }: Call): boolean => output > 1 && tpot > 0;
    return {
      wait: (now, call) => Math.max(requests.wait(now, 1), tokens.wait(now, promptOf(call, given))),
      take(now, call) {
        requests.take(now, 1);
        tokens.take(now, promptOf(call, given));
      },
      firstToken(now, call) {
        tokens.take(now, (flows(call) ? 1 : call.output) * outputWeight);
        if (flows(call)) tokens.startDrain(now, outputWeight / call.tpot);
      },
      settle(now, call) {
        if (flows(call)) tokens.stopDrain(now, outputWeight / call.tpot);
      },
    };
  },
};
