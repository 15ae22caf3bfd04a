/** No prompt or answer is longer, whatever a long tail draws: beyond every context there is, and within what columns hold. */
export const longestLength = 100_000_000;

/** The length of a trace's row, which is what it is unless scaled. */
export function scaledTokens(tokens: number, scale: number): number {
  return scale === 1 ? tokens : wholeTokens(tokens * scale);
}

/** A drawn length as a whole number of tokens, at least one. */
export function wholeTokens(length: number): number {
  return Math.min(longestLength, Math.max(1, Math.round(length)));
}
