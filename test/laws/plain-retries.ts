import type { Budget } from "./plain-budget.ts";
import type { PlainFailure, PlainLoop } from "./plain-given.ts";

/** What a loop of retries counts. */
interface Counts {
  retries: number;
  retriesForbidden: number;
}

/**
 * Whether there is another attempt after one that has ended so; it is then paid for.
 * @param made attempts so far
 */
export function mayRetry(
  loop: PlainLoop,
  made: number,
  ending: PlainFailure,
  retryAfter: number,
  budget: Budget,
  counts?: Counts,
): boolean {
  if (!loop.on.includes(ending) || made >= loop.attempts) return false;
  if (loop.retryAfterBeyond === "giveUp" && retryAfter > loop.retryAfterMax) return false;
  if (counts !== undefined) counts.retries++;
  if (budget.spend(ending)) return true;
  if (counts !== undefined) counts.retriesForbidden++;
  return false;
}

/** Seconds before the retry after so many attempts. */
export const backoffOf = ({ backoff }: PlainLoop, made: number): number =>
  Math.min(backoff.max, backoff.base * backoff.factor ** (made - 1));

/** Seconds that a target which asks for them is given; 0 when it is not heeded. */
export const heeded = (loop: PlainLoop, retryAfter: number): number => (retryAfter <= loop.retryAfterMax ? retryAfter : 0);
