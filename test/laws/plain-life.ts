import type { Outcome } from "../../src/traffic/outcome.ts";
import { priorities } from "../../src/traffic/priority.ts";
import type { Agenda } from "./plain-agenda.ts";
import type { Pass } from "./plain-breaker.ts";
import type { Caller } from "./plain-client.ts";
import type { Running } from "./plain-dependency.ts";
import type { PlainSemantic } from "./plain-given-stages.ts";
import type { Load, Permit } from "./plain-gate.ts";
import { everyFailure, type PlainChain, type PlainFailure, type PlainLoop, type PlainRequest } from "./plain-given.ts";
import type { PlainFate } from "./plain-fate.ts";
import { degraded } from "./plain-ladder.ts";
import { backoffOf, heeded, mayRetry } from "./plain-retries.ts";
import { passStages } from "./plain-stages.ts";
import { turnsOf } from "./plain-turns.ts";
import { type Account, accountOf } from "./plain-time.ts";
import { tries } from "./plain-tries.ts";
import { nothing } from "./plain-work.ts";

/**
 * One request, from its arrival to its end.
 * @param number within its class, from 0
 * @returns where its time goes, to be closed at the horizon
 */
export function live(agenda: Agenda, caller: Caller, request: PlainRequest, number: number, fate: PlainFate): Account {
  const { given, client, meter, breakerOf, gate, budget, nestedBudget } = caller;
  const turns = turnsOf(given.agent, request);
  const arrivedAt = agenda.now;
  const account = accountOf(agenda, fate.time);
  let over = false;
  let onTheWay: Running = nothing;
  /** Of the model's present turn, and of those before. */
  let calls = 0;
  let callsBefore = 0;
  let verdict: Exclude<Outcome, "served" | "unfinished"> = "timedOut";
  /** How to leave the line at the gate, while it stands there. */
  let leaveLine: (() => void) | undefined;
  /** Moments at which this call's targets would be tried again. */
  let comeBackAt: number[] = [];
  /** Number of the last rung that has left a stage out. */
  let skipped = 0;
  /** Semantic caches that had no answer to what they might answer. */
  const missed: PlainSemantic[] = [];
  let chain: PlainChain = given.chain;
  /** Tokens at which answers are cut, by the class and by its rungs. */
  let maxOutput = Infinity;
  let ofRungs = Infinity;
  /** Where it is tried: the step of the chain, what that has drawn, and the number of the try. */
  let here = { position: 0, target: "", nth: 0 };

  const look = () =>
    degraded(client.degrade, {
      call: calls,
      waited: agenda.now - arrivedAt,
      inFlight: caller.inFlight,
      breakerOpen: caller.isAnyBreakerOpen(),
      output: Math.min(turns.output(), given.maxOutput ?? Infinity),
    });
  /** @param whole whether a model gave the very answer that was asked for, so that it may be kept */
  const end = (outcome: Outcome, whole = false): void => {
    over = true;
    caller.inFlight--;
    fate.outcome = outcome;
    fate.total = agenda.now - arrivedAt;
    account.close(agenda.now);
    if (whole) for (const { store } of missed) caller.stores.get(store)!.plain.write();
  };
  const served = (by: string, whole = false): void => {
    fate.servedBy = by;
    fate.ttft ??= agenda.now - arrivedAt;
    end("served", whole);
  };
  const sooner = (what: () => void) => () => {
    if (!over) what();
  };
  const giveUp = (): void => {
    // Patience may end in a back-off; only after a 429 is that not called a time-out.
    const waits = !underWay.isUnderWay() && leaveLine === undefined;
    const throttled = (verdict === "throttled" && waits) || onTheWay.state() === "throttled";
    fate.ttft = undefined;
    end(throttled ? "throttled" : "timedOut");
    leaveLine?.();
    underWay.giveUp();
    onTheWay.giveUp("impatience");
  };
  const canned = ({ latency }: { readonly latency: number }): void => {
    account.goesTo("cache");
    const answer = sooner(() => served("canned"));
    agenda.after(latency, answer);
  };

  const skips = (stage: string): boolean => {
    const rung = look().skips(stage);
    if (rung > 0) fate.rung = skipped = Math.max(skipped, rung);
    return rung > 0;
  };

  const call = (): void => {
    if (++calls === 1) for (const one of [budget, nestedBudget]) one.firstCall();
    comeBackAt = [];
    const now = look();
    fate.rung = Math.max(now.rung, skipped);
    if (now.canned !== undefined) return canned(now.canned);
    ofRungs = now.maxOutput;
    maxOutput = Math.min(given.maxOutput ?? Infinity, ofRungs);
    chain = now.first === undefined ? given.chain : { first: now.first, on: everyFailure };
    enterStep(0);
  };

  const enterStep = (position: number): void => {
    const step = chain.first[position];
    if (caller.spillsOver(step, turns.prompt)) {
      meter.spilledOver++;
      return enterStep(position + 1);
    }
    tryAt(position, caller.drawn(step, position, number, callsBefore + calls), 1);
  };

  const tryAt = (position: number, target: string, nth: number): void => {
    here = { position, target, nth };
    const refused = (): void => {
      meter.brokenOff++;
      stepEnded("shed", 0);
    };
    const load: Load = { input: turns.prompt, maxOutput };
    const start = (pass: Pass, permit: Permit): void => {
      const next = client.hedge?.target === "next" ? chain.first[position + 1] : undefined;
      const beside = next === undefined ? target : caller.drawn(next, position + 1, number, callsBefore + calls);
      underWay.start({ load, output: Math.min(turns.output(), maxOutput), target, beside }, pass, permit);
    };
    const pass = breakerOf(target).ask();
    if (pass === undefined) return refused();
    const priority = priorities.indexOf(given.priority);
    if (gate.isOpenFor(load, priority)) return start(pass, gate.take(load));
    // Who only waits keeps no place among the probes.
    pass.giveBack();
    const shed = (): void => {
      leaveLine = undefined;
      tryEnded("shed", 0);
    };
    const out = (permit: Permit): void => {
      leaveLine = undefined;
      const again = breakerOf(target).ask();
      if (again !== undefined) return start(again, permit);
      permit.back(0);
      refused();
    };
    account.goesTo("clientQueue");
    leaveLine = gate.wait({ load, priority, out }, shed);
    if (leaveLine === undefined) shed();
  };

  const retryAt = (loop: PlainLoop, nth: number, moments: readonly number[]): number => {
    const backedOff = agenda.now + backoffOf(loop, nth);
    const at = Math.max(backedOff, moments.length > 0 ? Math.min(...moments) : 0);
    account.goesTo(verdict === "throttled" || at > backedOff ? "rateLimit" : "backoff");
    meter.backoffSeconds += at - agenda.now;
    return at;
  };
  /** An answer that broke off may leave no time for another first token. */
  const isTooLate = (): boolean => agenda.now >= arrivedAt + (client.ttft ?? Infinity);

  const tryEnded = (ending: PlainFailure, retryAfter: number): void => {
    verdict = ending;
    if (isTooLate()) return end(verdict);
    const { nested } = client;
    const { position, target, nth } = here;
    if (nested === undefined || !mayRetry(nested, nth, ending, retryAfter, nestedBudget, meter)) return stepEnded(ending, retryAfter);
    const invited = [agenda.now + heeded(nested, retryAfter)];
    const again = sooner(() => tryAt(position, target, nth + 1));
    agenda.at(retryAt(nested, nth, invited), again);
  };

  const stepEnded = (ending: PlainFailure, retryAfter: number): void => {
    verdict = ending;
    if (isTooLate()) return end(verdict);
    if (chain.on.includes(ending) && here.position + 1 < chain.first.length) enterStep(here.position + 1);
    else callEnded(retryAfter);
  };

  /** @param retryAfter what the last target said */
  const callEnded = (retryAfter: number): void => {
    if (mayRetry(client.retry, calls, verdict, retryAfter, budget, meter)) {
      agenda.at(retryAt(client.retry, calls, comeBackAt), sooner(call));
      return;
    }
    without();
  };

  /** There will be no answer of a model. */
  const without = (): void => {
    const last = client.degrade.findLast(({ when }) => when.exhausted);
    if (last === undefined) return end(verdict);
    fate.rung = client.degrade.indexOf(last) + 1;
    canned(last.canned!);
  };

  const underWay = tries(agenda, caller, account, {
    sent: () => fate.attempts++,
    firstToken(at) {
      if (turns.isLast()) fate.ttft = at === undefined ? undefined : at - arrivedAt;
    },
    served(target) {
      const longest = Math.min(turns.output(), given.maxOutput ?? Infinity);
      if (turns.isLast()) return served(target, chain === given.chain && fate.lacks.length === 0 && longest < ofRungs);
      verdict = "timedOut";
      account.goesTo("calls");
      const nextTurn = sooner(() => {
        callsBefore += calls;
        calls = 0;
        call();
      });
      agenda.after(turns.next(Math.min(longest, ofRungs)), nextTurn);
    },
    invited(retryAfter) {
      if (heeded(client.retry, retryAfter) > 0) comeBackAt.push(agenda.now + retryAfter);
    },
    ended: tryEnded,
  });

  caller.inFlight++;
  if (client.ttft !== undefined)
    agenda.after(
      client.ttft,
      sooner(() => {
        if (!turns.isLast() || !underWay.hasFirstToken()) giveUp();
      }),
    );
  if (client.total !== undefined) agenda.after(client.total, sooner(giveUp));
  onTheWay = passStages(agenda, caller, {
    account,
    number,
    prompt: () => turns.prompt,
    addToPrompt: (tokens) => (turns.prompt += tokens),
    skips,
    spent: (stage, seconds) => (fate.spent[stage] = seconds),
    lacks: (stage) => void fate.lacks.push(stage),
    answered(cache, wrong) {
      fate.wrong = wrong;
      served(cache);
    },
    missed: (cache) => void missed.push(cache),
    failed(ending) {
      verdict = ending;
      without();
    },
    through: call,
  });
  return account;
}
