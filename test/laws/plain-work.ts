import type { Cause } from "../../src/traffic/cause.ts";
import type { Agenda } from "./plain-agenda.ts";
import type { Caller } from "./plain-client.ts";
import { type Running, states, tryUntil } from "./plain-dependency.ts";
import type { PlainCall, PlainWork, StageEnding } from "./plain-given-stages.ts";
import type { PlainFailure } from "./plain-given.ts";
import type { Attempt } from "./plain-target.ts";
import type { Account, Spell } from "./plain-time.ts";

/** A request on its way to its targets. */
export interface Traveller {
  readonly account: Account;
  /** Within its class, from 0. */
  readonly number: number;
  /** Tokens of its prompt so far. */
  prompt(): number;
  addToPrompt(tokens: number): void;
  lacks(stage: string): void;
  spent(stage: string, seconds: number): void;
}

export const nothing: Running = { state: () => "over", giveUp() {} };

/** Begins a stage and tells its time when it is over; `over` does what follows, after that. */
export function timed(
  agenda: Agenda,
  traveller: Traveller,
  stage: string,
  cause: Cause,
  begin: (over: (then: () => void) => void, spell: Spell) => Running,
): Running {
  const since = agenda.now;
  const spell = traveller.account.stage(cause);
  const tell = (): void => {
    spell.over();
    traveller.spent(stage, agenda.now - since);
  };
  const running = begin((then) => {
    tell();
    then();
  }, spell);
  return {
    state: () => running.state(),
    giveUp(because) {
      if (running.state() === "over") return;
      running.giveUp(because);
      tell();
    },
  };
}

/** Sends one attempt on the way. @returns how its caller leaves */
export function callOnTheWay(
  caller: Caller,
  target: string,
  input: number,
  output: number,
  hears: (ending: StageEnding, retryAfter: number) => void,
): () => void {
  const attempt: Attempt = {
    input,
    output,
    firstTokenAt: undefined,
    left: false,
    goesTo() {},
    firstToken() {},
    ended(ending, retryAfter = 0) {
      if (!attempt.left) hears(ending === "finished" ? "answered" : ending, retryAfter);
    },
  };
  caller.targets.get(target)!.send(attempt);
  return () => {
    attempt.left = true;
    caller.targets.get(target)!.abandon(attempt);
  };
}

/** Reads once. @returns how its caller leaves */
export function readOnce(caller: Caller, store: string, number: number, hears: (ending: StageEnding, retryAfter: number) => void) {
  const { plain, meter } = caller.stores.get(store)!;
  meter.reads++;
  const read = plain.read(number, (ending) => {
    if (ending === "failed") meter.failed++;
    if (ending === "shed") meter.shed++;
    hears(ending === "found" ? "answered" : ending, 0);
  });
  return (): void => plain.leave(read);
}

/**
 * Does some work for a request.
 * @param failed the request cannot go on; what else is under way has been given up
 */
export function doWork(
  agenda: Agenda,
  caller: Caller,
  traveller: Traveller,
  work: PlainWork,
  done: () => void,
  failed: (ending: PlainFailure) => void,
): Running {
  const one = (part: PlainWork, then: () => void): Running => doWork(agenda, caller, traveller, part, then, failed);
  if (work.kind === "pipeline") return inOrder(work.parts, one, done);
  if (work.kind === "parallel") return sideBySide(work.branches, agenda, caller, traveller, done, failed);
  const given = work.kind === "call" ? work : caller.stores.get(work.name)!.given;
  const ended = (ending: StageEnding): void => {
    if (ending === "answered") traveller.addToPrompt(given.promptTokens);
    else if (given.onFailure === "fail") return failed(ending);
    else traveller.lacks(work.name);
    done();
  };
  const send = (hears: (ending: StageEnding, retryAfter: number) => void): (() => void) =>
    work.kind === "call"
      ? callOnTheWay(caller, work.target, inputOf(work, traveller), work.output ?? 1, hears)
      : readOnce(caller, work.name, traveller.number, hears);
  const cause = work.kind === "call" ? "calls" : "retrieval";
  return timed(agenda, traveller, work.name, cause, (over, spell) => {
    const guard = caller.guardOf(work.name, given);
    const waits = (after: PlainFailure | undefined): void =>
      spell.goesTo(after === undefined ? cause : after === "throttled" ? "rateLimit" : "backoff");
    return tryUntil(agenda, guard, given, send, waits, (ending) => over(() => ended(ending)));
  });
}

function inputOf({ input }: PlainCall, traveller: Traveller): number {
  return input ?? traveller.prompt();
}

/** One after the other; each may end before `one` returns. */
export function inOrder<T>(parts: readonly T[], one: (part: T, then: () => void) => Running, done: () => void): Running {
  let now = nothing;
  const next = (position: number): void => {
    if (position === parts.length) return done();
    let isOver = false;
    const running = one(parts[position], () => {
      isOver = true;
      next(position + 1);
    });
    if (!isOver) now = running;
  };
  next(0);
  return { state: () => now.state(), giveUp: (because) => now.giveUp(because) };
}

function sideBySide(
  branches: readonly (readonly PlainWork[])[],
  agenda: Agenda,
  caller: Caller,
  traveller: Traveller,
  done: () => void,
  failed: (ending: PlainFailure) => void,
): Running {
  let left = branches.length;
  let over = false;
  const running: Running[] = [];
  const branchFailed = (ending: PlainFailure): void => {
    over = true;
    for (const other of running) other.giveUp("needless");
    failed(ending);
  };
  for (const branch of branches) {
    if (over) break;
    const one = (part: PlainWork, then: () => void): Running => doWork(agenda, caller, traveller, part, then, branchFailed);
    const started = inOrder(branch, one, () => {
      if (--left === 0) done();
    });
    running.push(started);
  }
  return {
    state() {
      const found = new Set(running.map((one) => one.state()));
      return states.find((state) => found.has(state)) ?? "over";
    },
    giveUp(because) {
      for (const one of running) one.giveUp(because);
    },
  };
}
