import type { Agenda } from "./plain-agenda.ts";
import type { PlainBreaker, PlainFailure } from "./plain-given.ts";

/** Leave to send one attempt; one of the three follows, once. */
export interface Pass {
  answered(): void;
  failed(ending: PlainFailure): void;
  /** It was not sent, or given up for a better one: as if it had not been asked for. */
  giveBack(): void;
}

export interface Breaker {
  /** Undefined: not allowed. */
  ask(): Pass | undefined;
  isOpen(): boolean;
}

const free: Pass = { answered() {}, failed() {}, giveBack() {} };

type State =
  | { readonly kind: "closed"; endings: { readonly step: number; readonly failure: boolean }[] }
  | { readonly kind: "open"; readonly until: number }
  | { readonly kind: "halfOpen"; taken: number; answered: number };

/** The breaker of one class before one target. A state is left for good: what was sent in it tells by its identity. */
export function breaker(agenda: Agenda, given: PlainBreaker | undefined, opened: () => void): Breaker {
  if (given === undefined) return { ask: () => free, isOpen: () => false };
  const { window, failureShare, minimumCalls, openFor, probes, on } = given;
  let state: State = { kind: "closed", endings: [] };

  const open = (): void => {
    state = { kind: "open", until: agenda.now + openFor };
    opened();
  };
  const count = (closed: State & { kind: "closed" }, failure: boolean): void => {
    const step = Math.floor(agenda.now / (window / 10));
    closed.endings = [...closed.endings, { step, failure }].filter((one) => one.step > step - 10);
    const failures = closed.endings.filter((one) => one.failure).length;
    const all = closed.endings.length;
    if (failure && all >= minimumCalls && failures / all >= failureShare) open();
  };

  return {
    isOpen: () => state.kind === "open" && agenda.now < state.until,
    ask() {
      if (state.kind === "open") {
        if (agenda.now < state.until) return undefined;
        state = { kind: "halfOpen", taken: 0, answered: 0 };
      }
      if (state.kind === "halfOpen") {
        if (state.taken === probes) return undefined;
        state.taken++;
      }
      const sentIn = state;
      const giveBack = (): void => {
        if (sentIn.kind === "halfOpen") sentIn.taken--;
      };
      return {
        answered() {
          if (state !== sentIn) return;
          if (sentIn.kind === "closed") count(sentIn, false);
          else if (++sentIn.answered === probes) state = { kind: "closed", endings: [] };
        },
        failed(ending) {
          if (state !== sentIn) return;
          if (!on.includes(ending)) giveBack();
          else if (sentIn.kind === "closed") count(sentIn, true);
          else open();
        },
        giveBack,
      };
    },
  };
}
