import type { LineOrder } from "./line-order.ts";
import { SortedLine } from "./sorted-line.ts";

/**
 * Those with the fewest input tokens first, of equals who came first. A prompt's length is known when it arrives, as an answer's
 * is not. Long prompts may wait for ever while short ones keep coming.
 */
export const shortestPromptFirst: LineOrder = {
  create: (links) => new SortedLine(links, (attempt) => links.attempts.inputTokens[attempt]),
};
