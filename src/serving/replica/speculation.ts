import type { z } from "zod";
import { count, duration, factor, issue, settings } from "../../base/settings.ts";

/**
 * Speculative decoding as what it yields: a cheap draft proposes tokens, the model checks them all in one iteration, and so many stay.
 * In an iteration each decoding sequence takes `1 + draftTokens` tokens of the budget and gains `acceptedTokens`.
 */
export const speculationSettings = settings({
  draftTokens: count({ min: 1, max: 64, whole: true }).describe("tokens proposed for each decoding sequence in an iteration"),
  acceptedTokens: factor({ min: 1, max: 65 }).describe(
    "tokens that a sequence gains in an iteration in the mean, the model's own included",
  ),
  draftTime: duration().prefault(0).describe("time of the draft in every iteration that decodes"),
}).superRefine(({ draftTokens, acceptedTokens }, context) => {
  if (acceptedTokens > draftTokens + 1) {
    issue(context, "out-of-range", `acceptedTokens ${acceptedTokens} is above the ${draftTokens + 1} that an iteration can yield`, {
      path: ["acceptedTokens"],
      hint: `allowed: from 1 up to draftTokens + 1, ${draftTokens + 1}`,
    });
  }
  if (!Number.isInteger(Number((acceptedTokens * unitsPerToken).toFixed(6)))) {
    issue(context, "out-of-range", "acceptedTokens must be a multiple of 0.01", { path: ["acceptedTokens"], hint: "write it like 2.35" });
  }
});

export type Speculation = z.infer<typeof speculationSettings>;

/** Tokens are counted in hundredths where an iteration yields a part of one, so that sums stay exact. */
const unitsPerToken = 100;

/** How decoding proceeds from iteration to iteration. */
export interface DecodingPace {
  /** In how many units a token is counted. */
  readonly unitsPerToken: number;
  /** Units that a decoding sequence gains in an iteration. */
  readonly gain: number;
  /** Tokens of the budget that it takes. */
  readonly width: number;
  /** Seconds besides the step time, in an iteration that decodes. */
  readonly draftTime: number;
}

export function decodingPace(speculation: Speculation | undefined): DecodingPace {
  if (speculation === undefined) return { unitsPerToken: 1, gain: 1, width: 1, draftTime: 0 };
  const { draftTokens, acceptedTokens, draftTime } = speculation;
  return { unitsPerToken, gain: Math.round(acceptedTokens * unitsPerToken), width: 1 + draftTokens, draftTime };
}

/** Tokens that KV must hold in the last iteration of a sequence; the last token is never written, but drafts are. */
export function mostHeldTokens(input: number, output: number, speculation: Speculation | undefined): number {
  return speculation === undefined ? input + output - 1 : input + output + speculation.draftTokens;
}
