import * as z from "zod";
import { count, duration, issue, money, settings, share } from "../base/settings.ts";
import { distribution } from "../kernel/distributions/registry.ts";
import { answerShape, cacheKind, keysSettings } from "./answer-settings.ts";
import { similaritySettings } from "./similarity.ts";

/** Embeddings from somewhere that is never short of capacity. */
export const embeddingSettings = settings({
  latency: distribution(duration()).describe("time to embed one question"),
  perMillionTokens: money().prefault("$0").describe("price of a question's tokens"),
});

export const semanticCacheSettings = settings({
  kind: z.literal("semantic").describe(cacheKind),
  embedding: z
    .union([z.string(), embeddingSettings], { error: "must be a name, or { latency, perMillionTokens }" })
    .describe(
      "what makes a question's vector: a pool or provider by name, a profile of models/embeddings.yaml, or { latency, perMillionTokens }",
    ),
  store: z.string().describe("name of the vector store in which questions are looked up, and written when their answers are kept"),
  threshold: share({ above: 0, max: 1 }).describe("least cosine similarity of a question that counts as the same; at 1 nothing is a hit"),
  similarity: similaritySettings
    .optional()
    .describe("hits and wrong hits by threshold: a profile of models/similarity.yaml, or { points }; or give hitRate"),
  hitRate: share()
    .optional()
    .describe(
      "share of the look-ups that are hits at the threshold measuredAt, of requests that may hit; with keys, of those whose question is kept",
    ),
  wrongHitRate: share().optional().describe("share of those that are wrong hits there; none unless given"),
  measuredAt: share({ above: 0, max: 1 })
    .optional()
    .describe(
      "threshold at which hitRate and wrongHitRate were measured; threshold unless given, and where it differs they are as many times larger as similarity has them, or as much where that has none at measuredAt",
    ),
  ...answerShape,
  keys: keysSettings.optional().describe("what is asked: only questions that are kept are found, so that the cache grows from empty"),
  timeout: duration({ above: 0 }).optional().describe("time budget of embedding and look-up; a request goes on without a hit after it"),
  wrongAnswerPenalty: money().prefault("$0").describe("what a wrong answer costs, each"),
  capacity: count({ min: 1, whole: true })
    .optional()
    .describe("with keys: most answers kept, of which the least recently used goes first; unlimited unless given"),
}).superRefine((cache, context) => {
  const { similarity, hitRate, wrongHitRate, measuredAt, threshold } = cache;
  const wrong = (path: PropertyKey[], message: string, hint: string): void => issue(context, "contradiction", message, { path, hint });
  if (similarity === undefined && hitRate === undefined) {
    wrong([], "needs either similarity or hitRate", "similarity: lmarena-paraphrases, or hitRate: 12%");
  }
  if (wrongHitRate !== undefined && hitRate === undefined) wrong(["wrongHitRate"], "needs hitRate", "hitRate: 12%");
  if (wrongHitRate !== undefined && hitRate !== undefined && wrongHitRate > hitRate) {
    wrong(["wrongHitRate"], "there are more wrong hits than hits", `at most ${Number((hitRate * 100).toPrecision(6))}%`);
  }
  if (measuredAt === undefined) {
    if (similarity !== undefined && hitRate !== undefined) {
      wrong(
        ["hitRate"],
        "needs measuredAt, since similarity says what hits there are at other thresholds",
        `measuredAt: ${threshold === 1 ? 0.9 : threshold}`,
      );
    }
  } else if (similarity === undefined || hitRate === undefined) {
    wrong(
      ["measuredAt"],
      "needs hitRate, and similarity to say what hits there are at other thresholds",
      "similarity: lmarena-paraphrases",
    );
  } else if (measuredAt === 1) wrong(["measuredAt"], "nothing is a hit at 1", "below 1");
  const lowest = similarity?.points.at(-1)?.threshold ?? 0;
  for (const [key, value] of Object.entries({ threshold, measuredAt })) {
    if (value !== undefined && value < lowest) wrong([key], "similarity says nothing so low", `from ${lowest}`);
  }
  if (threshold === 1 && measuredAt === undefined && (hitRate ?? 0) > 0) {
    wrong(["threshold"], "nothing is a hit at 1, so that the hit rate is 0", "below 1, or hitRate: 0%");
  }
  if (cache.keys !== undefined) return;
  for (const key of ["capacity", "ttl", "invalidateAt"] as const) {
    if (cache[key] === undefined) continue;
    wrong([key], "changes nothing without keys", "keys: { zipf: { exponent: 1.05, count: 200k } } beside it");
  }
});

export type SemanticCacheSettings = z.infer<typeof semanticCacheSettings>;
