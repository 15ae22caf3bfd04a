import { causeCode } from "../traffic/cause.ts";
import { outcomeCode } from "../traffic/outcome.ts";
import type { Ending } from "../traffic/target.ts";
import { type Failure, failures } from "./retry/retry-settings.ts";

/** A list of endings as flags by code of `outcomes`. */
export function codes(list: readonly Failure[]): boolean[] {
  const flags: boolean[] = [];
  for (const failure of failures) flags[outcomeCode[failure]] = list.includes(failure);
  return flags;
}

/** What a request has come to whose last attempt ended so, as a code of `outcomes`. */
export const verdictOf: Record<Ending, number> = {
  finished: outcomeCode.served,
  shed: outcomeCode.shed,
  throttled: outcomeCode.throttled,
  failed: outcomeCode.failed,
  dropped: outcomeCode.timedOut,
};

/** What the time goes to until it is tried again after an ending, given as a code of `outcomes`. */
export function waitAfter(verdict: number): number {
  return verdict === outcomeCode.throttled ? causeCode.rateLimit : causeCode.backoff;
}
