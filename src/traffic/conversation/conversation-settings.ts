import type * as z from "zod";
import { count, duration, issue, settings, share } from "../../base/settings.ts";
import { asDistribution, createDistribution, distribution, valueOrDistribution } from "../../kernel/distributions/registry.ts";

/** Turns number the draws of a conversation, of which there are not many more. */
const mostTurns = 1000;

export const conversationSettings = settings({
  turns: valueOrDistribution(count({ min: 1, max: mostTurns }), "a count").describe(
    `messages in one conversation, rounded to 1 to ${mostTurns}; one that is not served is the last`,
  ),
  thinkTime: valueOrDistribution(duration(), "a duration").describe("from the end of an answer to the user's next message"),
  firstPrompt: distribution(count({ min: 1, max: 1e8 }))
    .optional()
    .describe("lengths of first prompts, with what stands before the first message; inputTokens unless given"),
  mostTokens: count({ min: 1, max: 1e8, whole: true })
    .optional()
    .describe(
      "no prompt is longer before stages add to it: the oldest tokens behind the shared prefix are left out; all is kept unless given",
    ),
  retained: share({ above: 0, max: 1 })
    .optional()
    .describe("share of mostTokens left of a prompt that would be longer, 100% unless given; less is cut less often, so caches hit more"),
}).superRefine(({ retained, mostTokens }, context) => {
  if (retained === undefined || mostTokens !== undefined) return;
  issue(context, "contradiction", "changes nothing without mostTokens", { path: ["retained"], hint: "mostTokens: 128k beside it" });
});

export type ConversationSettings = z.infer<typeof conversationSettings>;

/** What is said once. */
export const oneTurn = conversationSettings.parse({ turns: 1, thinkTime: "0s" });

/** A drawn number of turns, as it is meant. */
export function wholeTurns(turns: number): number {
  return Math.min(mostTurns, Math.max(1, Math.round(turns)));
}

/** Expected turns of a conversation, but for what rounding does to the mean; exact where each has as many. */
export function meanTurns({ turns }: ConversationSettings): number {
  return typeof turns === "number" ? wholeTurns(turns) : Math.min(mostTurns, Math.max(1, createDistribution(turns).mean));
}

/**
 * The longest prompt there may be, in tokens; Infinity where nothing bounds it.
 * @param message the longest message; @param answer the longest answer
 */
export function longestPromptOf(given: ConversationSettings, message: number, answer: number): number {
  const { turns, firstPrompt, mostTokens = Infinity } = given;
  const first = firstPrompt === undefined ? message : createDistribution(firstPrompt).largest;
  const further = wholeTurns(createDistribution(asDistribution(turns)).largest) - 1;
  return Math.min(mostTokens, further === 0 ? first : first + further * (message + answer));
}
