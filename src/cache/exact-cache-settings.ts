import * as z from "zod";
import { count, duration, factor, issue, money, settings, share } from "../base/settings.ts";

const zipfSettings = settings({
  exponent: factor({ min: 0, max: 10 }).describe("how unevenly questions are asked: the k-th most frequent in proportion to k^-exponent"),
  count: count({ min: 1, max: 1e7, whole: true }).describe("different questions, the same for all classes that use the cache"),
});

export const exactCacheSettings = settings({
  kind: z.literal("exact"),
  hitRate: share().optional().describe("share of the eligible requests whose answer is found; or give keys"),
  keys: settings({ zipf: zipfSettings.describe("popularity by Zipf's law") })
    .optional()
    .describe("instead of hitRate: what is asked, so that the hit rate is an outcome of a cache that starts empty"),
  capacity: count({ min: 1, whole: true })
    .optional()
    .describe("most answers kept, of which the least recently used goes first; unlimited unless given"),
  ttl: duration({ above: 0 }).optional().describe("how long an answer is kept after it was stored, used or not; for ever unless given"),
  invalidateAt: z.array(duration()).min(1).optional().describe("when all answers are dropped, as at a deploy, since the start of the run"),
  coalesce: z
    .boolean()
    .optional()
    .describe("requests for an answer that another has asked for already wait for it instead of asking too; false unless given"),
  deterministicShare: share().prefault("100%").describe("share of the requests that may be answered from a cache at all"),
  latency: duration().prefault("0s").describe("time of a look-up, hit or miss"),
  perHour: money().prefault("$0").describe("price of the cache's own nodes"),
}).superRefine((cache, context) => {
  const zipf = "keys: { zipf: { exponent: 1.05, count: 200k } }";
  if (cache.hitRate === undefined && cache.keys === undefined) {
    issue(context, "contradiction", "needs either hitRate or keys", { hint: `hitRate: 20%, or ${zipf}` });
  }
  if (cache.hitRate !== undefined && cache.keys !== undefined) {
    issue(context, "contradiction", "the hit rate follows from keys", { path: ["hitRate"], hint: "leave out one of the two" });
  }
  if (cache.keys !== undefined) return;
  for (const key of ["capacity", "ttl", "invalidateAt", "coalesce"] as const) {
    if (cache[key] === undefined) continue;
    issue(context, "contradiction", "changes nothing where the hit rate is given", { path: [key], hint: `${zipf} instead of hitRate` });
  }
});

export type ExactCacheSettings = z.infer<typeof exactCacheSettings>;
