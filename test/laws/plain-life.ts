import type { Outcome } from "../../src/traffic/outcome.ts";
import { priorities } from "../../src/traffic/priority.ts";
import type { Agenda } from "./plain-agenda.ts";
import type { Pass } from "./plain-breaker.ts";
import type { Caller } from "./plain-client.ts";
import type { Load, Permit } from "./plain-gate.ts";
import { everyFailure, type PlainChain, type PlainFailure, type PlainLoop, type PlainRequest, type PlainStep } from "./plain-given.ts";
import { degraded } from "./plain-ladder.ts";
import { tries } from "./plain-tries.ts";

/** What became of a request; `ttft` and `total` from its arrival, undefined where the moment never came. */
export interface PlainFate {
  readonly className: string;
  readonly arrivedAt: number;
  outcome: Outcome;
  servedBy: string | undefined;
  attempts: number;
  /** Number of the last rung that applied to its last call, from 1; 0: none. */
  rung: number;
  ttft: number | undefined;
  total: number | undefined;
}

/**
 * One request, from its arrival to its end.
 * @param number within its class, from 0
 */
export function live(agenda: Agenda, caller: Caller, { input, output }: PlainRequest, number: number, fate: PlainFate): void {
  const { given, client, meter, outstanding, breakerOf, gate, budget, nestedBudget } = caller;
  const arrivedAt = agenda.now;
  let over = false;
  let calls = 0;
  let verdict: Exclude<Outcome, "served" | "unfinished"> = "timedOut";
  /** How to leave the line at the gate, while it stands there. */
  let leaveLine: (() => void) | undefined;
  /** Moments at which this call's targets would be tried again. */
  let comeBackAt: number[] = [];
  /** Number of the last rung that has left a stage out. */
  let skipped = 0;
  let chain: PlainChain = given.chain;
  let maxOutput = Infinity;
  /** Where it is tried: the step of the chain, what that has drawn, and the number of the try. */
  let here = { position: 0, target: "", nth: 0 };

  const look = () =>
    degraded(client.degrade, {
      call: calls,
      waited: agenda.now - arrivedAt,
      inFlight: caller.inFlight,
      breakerOpen: caller.isAnyBreakerOpen(),
      output: Math.min(output, given.maxOutput ?? Infinity),
    });
  const end = (outcome: Outcome): void => {
    over = true;
    caller.inFlight--;
    fate.outcome = outcome;
    fate.total = agenda.now - arrivedAt;
  };
  const served = (by: string): void => {
    fate.servedBy = by;
    fate.ttft ??= agenda.now - arrivedAt;
    end("served");
  };
  const sooner = (what: () => void) => () => {
    if (!over) what();
  };
  const giveUp = (): void => {
    // Patience may end in a back-off; only after a 429 is that not called a time-out.
    const throttled = verdict === "throttled" && !underWay.isUnderWay() && leaveLine === undefined;
    fate.ttft = undefined;
    end(throttled ? "throttled" : "timedOut");
    leaveLine?.();
    underWay.giveUp();
  };
  const canned = ({ latency }: { readonly latency: number }): void => {
    agenda.after(
      latency,
      sooner(() => served("canned")),
    );
  };

  const enterCache = (position: number): void => {
    const cache = given.caches[position];
    if (cache === undefined) return call();
    const skips = look().skips(cache.name);
    if (skips > 0) {
      fate.rung = skipped = Math.max(skipped, skips);
      return enterCache(position + 1);
    }
    const lookedUp = (): void => {
      if (cache.hits) served(cache.name);
      else enterCache(position + 1);
    };
    if (cache.latency === 0) lookedUp();
    else agenda.after(cache.latency, sooner(lookedUp));
  };

  const call = (): void => {
    if (++calls === 1) for (const one of [budget, nestedBudget]) one.firstCall();
    comeBackAt = [];
    const now = look();
    fate.rung = Math.max(now.rung, skipped);
    if (now.canned !== undefined) return canned(now.canned);
    maxOutput = Math.min(given.maxOutput ?? Infinity, now.maxOutput);
    chain = now.first === undefined ? given.chain : { first: now.first, on: everyFailure };
    enterStep(0);
  };

  const spillsOver = (step: PlainStep): boolean => {
    if (typeof step === "string" || "split" in step) return false;
    const { outstanding: most = Infinity, inputTokens = Infinity } = step.spillOver;
    return outstanding[step.target] >= most || input > inputTokens;
  };

  const enterStep = (position: number): void => {
    const step = chain.first[position];
    if (spillsOver(step)) {
      meter.spilledOver++;
      return enterStep(position + 1);
    }
    tryAt(position, caller.drawn(step, position, number, calls), 1);
  };

  const tryAt = (position: number, target: string, nth: number): void => {
    here = { position, target, nth };
    const refused = (): void => {
      meter.brokenOff++;
      stepEnded("shed", 0);
    };
    const load: Load = { input, maxOutput };
    const start = (pass: Pass, permit: Permit): void => {
      const next = client.hedge?.target === "next" ? chain.first[position + 1] : undefined;
      const beside = next === undefined ? target : caller.drawn(next, position + 1, number, calls);
      underWay.start({ load, output: Math.min(output, maxOutput), target, beside }, pass, permit);
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
    leaveLine = gate.wait({ load, priority, out }, shed);
    if (leaveLine === undefined) shed();
  };

  const retryAt = ({ backoff }: PlainLoop, nth: number, moments: readonly number[]): number => {
    const wait = Math.min(backoff.max, backoff.base * backoff.factor ** (nth - 1));
    const at = Math.max(agenda.now + wait, moments.length > 0 ? Math.min(...moments) : 0);
    meter.backoffSeconds += at - agenda.now;
    return at;
  };
  const may = (loop: PlainLoop, made: number, retryAfter: number, ending: PlainFailure, pays: typeof budget): boolean => {
    if (!loop.on.includes(ending) || made >= loop.attempts) return false;
    if (loop.retryAfterBeyond === "giveUp" && retryAfter > loop.retryAfterMax) return false;
    meter.retries++;
    if (pays.spend(ending)) return true;
    meter.retriesForbidden++;
    return false;
  };

  /** An answer that broke off may leave no time for another first token. */
  const isTooLate = (): boolean => agenda.now >= arrivedAt + (client.ttft ?? Infinity);

  const tryEnded = (ending: PlainFailure, retryAfter: number): void => {
    verdict = ending;
    if (isTooLate()) return end(verdict);
    const { nested } = client;
    const { position, target, nth } = here;
    if (nested === undefined || !may(nested, nth, retryAfter, ending, nestedBudget)) return stepEnded(ending, retryAfter);
    const invited = retryAfter > 0 && retryAfter <= nested.retryAfterMax ? [agenda.now + retryAfter] : [];
    agenda.at(
      retryAt(nested, nth, invited),
      sooner(() => tryAt(position, target, nth + 1)),
    );
  };

  const stepEnded = (ending: PlainFailure, retryAfter: number): void => {
    verdict = ending;
    if (isTooLate()) return end(verdict);
    if (chain.on.includes(ending) && here.position + 1 < chain.first.length) enterStep(here.position + 1);
    else callEnded(retryAfter);
  };

  /** @param retryAfter what the last target said */
  const callEnded = (retryAfter: number): void => {
    if (may(client.retry, calls, retryAfter, verdict, budget)) {
      agenda.at(retryAt(client.retry, calls, comeBackAt), sooner(call));
      return;
    }
    const last = client.degrade.findLast(({ when }) => when.exhausted);
    if (last === undefined) return end(verdict);
    fate.rung = client.degrade.indexOf(last) + 1;
    canned(last.canned!);
  };

  const underWay = tries(agenda, caller, {
    sent: () => fate.attempts++,
    firstToken: (at) => (fate.ttft = at === undefined ? undefined : at - arrivedAt),
    served,
    invited(retryAfter) {
      if (retryAfter > 0 && retryAfter <= client.retry.retryAfterMax) comeBackAt.push(agenda.now + retryAfter);
    },
    ended: tryEnded,
  });

  caller.inFlight++;
  if (client.ttft !== undefined)
    agenda.after(
      client.ttft,
      sooner(() => {
        if (!underWay.hasFirstToken()) giveUp();
      }),
    );
  if (client.total !== undefined) agenda.after(client.total, sooner(giveUp));
  enterCache(0);
}
