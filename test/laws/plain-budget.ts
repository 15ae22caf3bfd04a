import type { PlainBudget, PlainFailure } from "./plain-given.ts";

export interface Budget {
  firstCall(): void;
  answered(): void;
  /** Whether there may be a retry after such an ending; it is then paid for. */
  spend(ending: PlainFailure | undefined): boolean;
}

/** Full at the start. Either first calls fill it and a retry costs one, or answers fill it and a retry costs what the settings say. */
export function retryBudget(given: PlainBudget | undefined): Budget {
  if (given === undefined) return { firstCall() {}, answered() {}, spend: () => true };
  const most = "share" in given ? given.burst : given.capacity;
  let saved = most;
  const earn = (amount: number): void => {
    saved = Math.min(most, saved + amount);
  };
  const price = (ending: PlainFailure | undefined): number => {
    if ("share" in given) return 1;
    return ending === "timedOut" ? (given.timeoutCost ?? given.cost) : given.cost;
  };
  return {
    firstCall: () => earn("share" in given ? given.share : 0),
    answered: () => earn("share" in given ? 0 : given.refund),
    spend(ending) {
      if (saved < price(ending)) return false;
      saved -= price(ending);
      return true;
    },
  };
}
