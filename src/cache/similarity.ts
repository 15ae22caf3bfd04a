import * as z from "zod";
import { issue, settings, share } from "../base/settings.ts";

const pointSettings = settings({
  threshold: share({ above: 0, max: 1 }).describe("least cosine similarity of a hit"),
  hits: share().describe("share of the look-ups that are hits"),
  wrong: share().describe("share of the look-ups that are hits with a wrong answer"),
});

/** How many look-ups are hits, and wrong ones, by threshold; at threshold 1, where nothing is similar enough, there are none. */
export const similaritySettings = settings({
  upperBound: z
    .boolean()
    .prefault(false)
    .describe("whether real traffic has fewer hits than these, which were measured on questions made to be alike; a warning says so"),
  points: z.array(pointSettings).min(1).describe("from the highest threshold down; straight lines in between"),
}).superRefine(({ points }, context) => {
  points.forEach(({ threshold, hits, wrong }, i) => {
    const refuse = (key: string, message: string, hint: string): void =>
      issue(context, "contradiction", message, { path: ["points", i, key], hint });
    if (threshold === 1 && hits > 0) refuse("hits", "nothing is a hit at 1", "0%, or a threshold below 1");
    if (wrong > hits) refuse("wrong", "there are more wrong hits than hits", `at most ${hits}`);
    if (i === 0) return;
    if (threshold >= points[i - 1].threshold) refuse("threshold", "is not below the one before", "from the highest threshold down");
    if (hits < points[i - 1].hits) refuse("hits", "a lower threshold cannot have fewer hits", `at least ${points[i - 1].hits}`);
  });
});

export type SimilaritySettings = z.infer<typeof similaritySettings>;

/** Shares of look-ups: those that are hits, wrong ones included, and those that are wrong hits. */
export interface HitShares {
  readonly hits: number;
  readonly wrong: number;
}

const nothing = { threshold: 1, hits: 0, wrong: 0 };

/** Straight lines through the points and on to threshold 1, where there is nothing. @param threshold not below the last point's */
export function sharesAt({ points }: SimilaritySettings, threshold: number): HitShares {
  let above: SimilaritySettings["points"][number] = nothing;
  for (const below of points) {
    if (threshold >= below.threshold) {
      const width = above.threshold - below.threshold;
      if (width === 0) return below;
      const part = (above.threshold - threshold) / width;
      const between = (from: number, to: number): number => (1 - part) * from + part * to;
      return { hits: between(above.hits, below.hits), wrong: between(above.wrong, below.wrong) };
    }
    above = below;
  }
  return above;
}

/** What is told of a semantic cache's hits. */
interface Measured {
  readonly threshold: number;
  readonly similarity?: SimilaritySettings | undefined;
  readonly hitRate?: number | undefined;
  readonly wrongHitRate?: number | undefined;
  readonly measuredAt?: number | undefined;
}

/** Shares at the cache's threshold: those of its curve, or those measured at another threshold, moved along the curve. */
export function sharesOf({ threshold, similarity, hitRate, wrongHitRate = 0, measuredAt = threshold }: Measured): HitShares {
  const there = similarity && sharesAt(similarity, threshold);
  if (hitRate === undefined) return there ?? nothing;
  if (threshold === 1) return nothing;
  if (there === undefined || similarity === undefined) return { hits: hitRate, wrong: wrongHitRate };
  const measured = sharesAt(similarity, measuredAt);
  const hits = Math.min(1, moved(hitRate, measured.hits, there.hits));
  return { hits, wrong: Math.min(hits, moved(wrongHitRate, measured.wrong, there.wrong)) };
}

/** A share as many times as large as the curve's; where that starts from nothing, as much larger. */
function moved(given: number, from: number, to: number): number {
  return from > 0 ? given * (to / from) : given + to;
}
