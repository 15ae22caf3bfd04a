import * as z from "zod";
import { count, duration, issue, settings, share } from "../base/settings.ts";
import { answerShape, cacheKind, keysSettings } from "./answer-settings.ts";

export const exactCacheSettings = settings({
  kind: z.literal("exact").describe(cacheKind),
  hitRate: share().optional().describe("share of the eligible requests whose answer is found; or give keys"),
  keys: keysSettings
    .optional()
    .describe("instead of hitRate: what is asked, so that the hit rate is an outcome of a cache that starts empty"),
  capacity: count({ min: 1, whole: true })
    .optional()
    .describe("most answers kept, of which the least recently used goes first; unlimited unless given"),
  coalesce: z
    .boolean()
    .optional()
    .describe("requests for an answer that another has asked for already wait for it instead of asking too; false unless given"),
  latency: duration().prefault("0s").describe("time of a look-up, hit or miss"),
  ...answerShape,
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
