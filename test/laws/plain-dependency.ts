import type { Agenda } from "./plain-agenda.ts";
import type { Breaker, Pass } from "./plain-breaker.ts";
import type { Budget } from "./plain-budget.ts";
import type { PlainDependency, StageEnding } from "./plain-given-stages.ts";
import { backoffOf, heeded, mayRetry } from "./plain-retries.ts";
import type { PlainFailure } from "./plain-given.ts";

/** What the requests of one class have in common before one stage. */
export interface Guard {
  readonly breaker: Breaker;
  readonly budget: Budget;
}

/** Hears how one attempt has ended. @param retryAfter seconds; 0 when it does not say */
type Hears = (ending: StageEnding, retryAfter: number) => void;

/** Of several things side by side the first of these counts. */
export const states = ["asking", "throttled", "waiting", "over"] as const;

/** Something under way. */
export interface Running {
  /** Whether something is asked, or it only waits to try again: after a refusal for too many, or after something else. */
  state(): (typeof states)[number];
  /** Nobody waits for it any more: who had patience for it has none left, or something else makes it needless. */
  giveUp(because: "impatience" | "needless"): void;
}

/**
 * Tries until there is an answer, attempts or budgets run out.
 * @param send one attempt, which may end before this returns; @returns how its caller leaves
 * @param waits to try again after some failure; or no more, when undefined
 * @param ended called once, unless it is given up
 */
export function tryUntil(
  agenda: Agenda,
  { breaker, budget }: Guard,
  { retry, timeout }: PlainDependency,
  send: (hears: Hears) => () => void,
  waits: (after: PlainFailure | undefined) => void,
  ended: (ending: StageEnding) => void,
): Running {
  let over = false;
  let last: PlainFailure | undefined;
  let sent: { readonly pass: Pass; leave(): void } | undefined;

  const end = (ending: StageEnding): void => {
    over = true;
    ended(ending);
  };
  const leave = (because: "impatience" | "needless"): void => {
    over = true;
    if (sent === undefined) return;
    const { pass, leave: goAway } = sent;
    sent = undefined;
    goAway();
    if (because === "impatience") pass.failed("timedOut");
    else pass.giveBack();
  };

  const failed = (nth: number, ending: PlainFailure, retryAfter: number): void => {
    last = ending;
    if (!mayRetry(retry, nth, ending, retryAfter, budget)) return end(ending);
    waits(ending);
    agenda.after(Math.max(backoffOf(retry, nth), heeded(retry, retryAfter)), () => {
      if (!over) attempt(nth + 1);
    });
  };
  const attempt = (nth: number): void => {
    waits(undefined);
    const pass = breaker.ask();
    // Retries follow on attempts, and nothing was attempted.
    if (pass === undefined) return end("shed");
    if (nth === 1) budget.firstCall();
    const one = { pass, leave: (): void => {} };
    sent = one;
    one.leave = send((ending, retryAfter) => {
      if (sent !== one) return;
      sent = undefined;
      if (ending === "answered") {
        pass.answered();
        budget.answered();
        end("answered");
      } else {
        pass.failed(ending);
        failed(nth, ending, retryAfter);
      }
    });
  };

  if (timeout !== undefined) {
    agenda.after(timeout, () => {
      if (over) return;
      leave("impatience");
      ended("timedOut");
    });
  }
  attempt(1);
  return {
    state() {
      if (over) return "over";
      if (sent !== undefined) return "asking";
      return last === "throttled" ? "throttled" : "waiting";
    },
    giveUp: leave,
  };
}
