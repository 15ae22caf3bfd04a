import type { Reply } from "./client-driver.ts";

/** Replies in turn, the last one for ever. */
export const inTurn =
  (...replies: readonly Reply[]): ((nth: number) => Reply) =>
  (nth) =>
    replies[Math.min(nth, replies.length - 1)];

/** Retries after 1, 2, 4 … seconds. */
export const steadily = { base: "1s", factor: 2, max: "100s", jitter: "none" };

export const retry = (attempts: number, more: Record<string, unknown> = {}) => ({ attempts, backoff: steadily, ...more });
