import type { Cause } from "../../src/traffic/cause.ts";
import type { Agenda } from "./plain-agenda.ts";

/** Seconds of one request by what they went to. */
export type PlainTime = Partial<Record<Cause, number>>;

/** Something that a request waits for, until it is over. */
export interface Spell {
  goesTo(cause: Cause): void;
  over(): void;
}

/** Where the time of one request goes, from now on. */
export interface Account {
  /** It goes there while no stage and no attempt is under way. */
  goesTo(cause: Cause): void;
  /** A stage begins; of several the one begun last counts. */
  stage(cause: Cause): Spell;
  /** An attempt begins; of several the one begun first counts. */
  attempt(): Spell;
  /** The request has ended. */
  close(now: number): void;
}

export function accountOf(agenda: Agenda, seconds: PlainTime): Account {
  const otherwise: { cause: Cause } = { cause: "clientQueue" };
  const stages: { cause: Cause }[] = [];
  const attempts: { cause: Cause }[] = [];
  let since = agenda.now;
  let closed = false;
  const settle = (now: number): void => {
    const { cause } = stages.at(-1) ?? attempts[0] ?? otherwise;
    if (!closed) seconds[cause] = (seconds[cause] ?? 0) + (now - since);
    since = now;
  };
  const spell = (among: { cause: Cause }[], cause: Cause): Spell => {
    settle(agenda.now);
    const own = { cause };
    among.push(own);
    return {
      goesTo(next) {
        settle(agenda.now);
        own.cause = next;
      },
      over() {
        settle(agenda.now);
        among.splice(among.indexOf(own), 1);
      },
    };
  };
  return {
    goesTo(cause) {
      settle(agenda.now);
      otherwise.cause = cause;
    },
    stage: (cause) => spell(stages, cause),
    attempt: () => spell(attempts, "provider"),
    close(now) {
      settle(now);
      closed = true;
    },
  };
}
