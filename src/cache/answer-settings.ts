import * as z from "zod";
import { count, duration, factor, money, oneOf, settings, share } from "../base/settings.ts";

const zipfSettings = settings({
  exponent: factor({ min: 0, max: 10 }).describe("how unevenly questions are asked: the k-th most frequent in proportion to k^-exponent"),
  count: count({ min: 1, max: 1e7, whole: true }).describe("different questions, the same for all classes that use the cache"),
});

/** What is asked: two requests with the same key ask the same. */
export const keysSettings = oneOf(
  {
    zipf: zipfSettings.describe("popularity by Zipf's law"),
    trace: z
      .literal("hashes")
      .describe(
        "the prompts of the class's trace, which needs hashBlock: the same question where two rows have the same hashes in order and as many " +
          "input tokens, so that what a last block hides counts as equal; a row without hashes asks what no other does. What rateScale adds " +
          "asks again what several rows ask, and something new in the place of what one row asks",
      ),
  },
  {},
);

export type KeysSettings = z.infer<typeof keysSettings>;

/** Said of either kind. */
export const cacheKind = "exact: finds the same question; semantic: finds one that is similar enough, and may be wrong";

/** What every cache of answers has. */
export const answerShape = {
  ttl: duration({ above: 0 })
    .optional()
    .describe("with keys: how long an answer is kept after it was stored, used or not; for ever unless given"),
  invalidateAt: z
    .array(duration())
    .min(1)
    .optional()
    .describe("with keys: when all answers are dropped, as at a deploy, since the start of the run"),
  deterministicShare: share().prefault("100%").describe("share of the requests that may be answered from a cache at all"),
  perHour: money().prefault("$0").describe("price of the cache's own nodes"),
};

/** What bounds the answers that are kept. */
export interface AnswerSettings {
  readonly capacity?: number | undefined;
  /** Seconds. */
  readonly ttl?: number | undefined;
  readonly invalidateAt?: readonly number[] | undefined;
}
