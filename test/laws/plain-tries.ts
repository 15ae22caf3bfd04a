import { type Agenda, remove } from "./plain-agenda.ts";
import type { Pass } from "./plain-breaker.ts";
import type { Load, Permit } from "./plain-gate.ts";
import type { PlainFailure } from "./plain-given.ts";
import type { Caller } from "./plain-client.ts";
import type { Attempt } from "./plain-target.ts";
import type { Account, Spell } from "./plain-time.ts";

/** What a try is about: one attempt, and those sent beside it. */
interface Try {
  readonly load: Load;
  readonly output: number;
  readonly target: string;
  /** Where attempts beside it are sent. */
  readonly beside: string;
}

/** What the request hears of its tries. */
interface Listener {
  sent(): void;
  firstToken(at: number | undefined): void;
  served(target: string): void;
  /** One attempt has ended without an answer and the target would have it tried again so much later; 0 when it does not say. */
  invited(retryAfter: number): void;
  /** Nothing is under way any more. */
  ended(ending: PlainFailure, retryAfter: number): void;
}

interface Sent {
  readonly attempt: Attempt;
  readonly target: string;
  readonly hedge: boolean;
  readonly pass: Pass;
  readonly permit: Permit;
  readonly spell: Spell;
}

/** The attempts that are under way for one request. */
export interface Tries {
  isUnderWay(): boolean;
  hasFirstToken(): boolean;
  start(given: Try, pass: Pass, permit: Permit): void;
  /** The request has ended. */
  giveUp(): void;
}

export function tries(agenda: Agenda, caller: Caller, account: Account, listener: Listener): Tries {
  const { client, meter, outstanding, targets, breakerOf, gate, budget, nestedBudget } = caller;
  /** In the order in which they were sent. */
  const underWay: Sent[] = [];
  const othersAfter = (sent: Sent): Sent[] => {
    const at = underWay.indexOf(sent);
    return [...underWay.slice(at + 1), ...underWay.slice(0, at)];
  };
  const takeOut = (sent: Sent): void => {
    remove(underWay, sent);
    sent.spell.over();
  };

  const leave = (sent: Sent, because: "timedOut" | "another"): void => {
    const { attempt, target, pass, permit } = sent;
    takeOut(sent);
    outstanding[target]--;
    attempt.left = true;
    targets.get(target)!.abandon(attempt);
    if (because === "timedOut") pass.failed("timedOut");
    else pass.giveBack();
    permit.back(undefined);
  };

  const send = (given: Try, target: string, hedge: boolean, pass: Pass, permit: Permit): Sent => {
    const attempt: Attempt = {
      input: given.load.input,
      output: given.output,
      firstTokenAt: undefined,
      left: false,
      goesTo(cause) {
        if (!attempt.left) sent.spell.goesTo(cause);
      },
      firstToken() {
        attempt.firstTokenAt = agenda.now;
        if (attempt.left) return;
        for (const other of othersAfter(sent)) leave(other, "another");
        listener.firstToken(agenda.now);
      },
      ended(ending, retryAfter = 0) {
        if (attempt.left) return;
        takeOut(sent);
        outstanding[target]--;
        if (ending === "finished") {
          pass.answered();
          permit.back(attempt.input + attempt.output);
          budget.answered();
          nestedBudget.answered();
          if (hedge) meter.hedgesWon++;
          listener.served(target);
          return;
        }
        pass.failed(ending);
        permit.back(0);
        listener.invited(retryAfter);
        if (underWay.length === 0) listener.ended(ending, retryAfter);
      },
    };
    const tooLong = (): void => {
      if (!underWay.includes(sent)) return;
      meter.attemptsTimedOut++;
      leave(sent, "timedOut");
      if (underWay.length > 0) return;
      // The first token that it had counts no longer.
      listener.firstToken(undefined);
      listener.ended("timedOut", 0);
    };
    const sent: Sent = { attempt, target, hedge, pass, permit, spell: account.attempt() };
    underWay.push(sent);
    outstanding[target]++;
    meter.sent++;
    listener.sent();
    if (client.attemptTtft !== undefined)
      agenda.after(client.attemptTtft, () => {
        if (attempt.firstTokenAt === undefined) tooLong();
      });
    if (client.attemptTotal !== undefined) agenda.after(client.attemptTotal, tooLong);
    if (!hedge) hedgeLater(given, sent, 1);
    targets.get(target)!.send(attempt);
    return sent;
  };

  const hedgeLater = (given: Try, first: Sent, nth: number): void => {
    const { hedge } = client;
    if (hedge === undefined || nth > hedge.most) return;
    agenda.after(hedge.after, () => {
      if (!underWay.includes(first) || first.attempt.firstTokenAt !== undefined) return;
      const pass = breakerOf(given.beside).ask();
      if (pass === undefined) return;
      if (!gate.isOpenFor(given.load)) return pass.giveBack();
      const permit = gate.take(given.load);
      if (!budget.spend(undefined)) {
        pass.giveBack();
        return permit.back(0);
      }
      hedgeLater(given, first, nth + 1);
      meter.hedges++;
      send(given, given.beside, true, pass, permit);
    });
  };

  return {
    isUnderWay: () => underWay.length > 0,
    hasFirstToken: () => underWay.some(({ attempt }) => attempt.firstTokenAt !== undefined),
    start: (given, pass, permit) => void send(given, given.target, false, pass, permit),
    giveUp() {
      while (underWay.length > 0) leave(underWay[0], "timedOut");
    },
  };
}
