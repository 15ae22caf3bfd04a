import * as z from "zod";
import { issue, settings, share } from "../base/settings.ts";

const pointSettings = settings({
  threshold: share({ above: 0, max: 1 }).describe("least cosine similarity of a hit"),
  hits: share().describe("share of the look-ups that are hits"),
  wrong: share().describe("share of the look-ups that are hits with a wrong answer"),
});

/** How many look-ups are hits, and wrong ones, by threshold; at threshold 1, where nothing is similar enough, there are none. */
export const similaritySettings = settings({
  points: z.array(pointSettings).min(1).describe("from the highest threshold down; straight lines in between"),
}).superRefine(({ points }, context) => {
  points.forEach(({ threshold, hits, wrong }, i) => {
    const refuse = (key: string, message: string, hint: string): void =>
      issue(context, "contradiction", message, { path: ["points", i, key], hint });
    if (wrong > hits) refuse("wrong", "there are more wrong hits than hits", `at most ${hits}`);
    if (i === 0) return;
    if (threshold >= points[i - 1].threshold) refuse("threshold", "is not below the one before", "from the highest threshold down");
    if (hits < points[i - 1].hits) refuse("hits", "a lower threshold cannot have fewer hits", `at least ${points[i - 1].hits}`);
  });
});

export type SimilaritySettings = z.infer<typeof similaritySettings>;
