import type { Simulation } from "../kernel/simulation.ts";
import { CountOverTime } from "../kernel/count-over-time.ts";
import { Timeouts } from "../kernel/timeouts.ts";
import type { Attempts } from "../traffic/attempts.ts";
import { outcomeCode } from "../traffic/outcome.ts";
import { none, type Requests } from "../traffic/requests.ts";
import type { Ending } from "../traffic/target.ts";
import { Breaker } from "./breaker.ts";
import type { Chooser } from "./chooser.ts";
import type { ClientMeter } from "./client-meter.ts";
import type { ClientSetup } from "./client-setup.ts";
import { codes } from "./codes.ts";
import type { Gate } from "./gate/gate.ts";
import type { RetryBudget } from "./retry/retry-budget.ts";

/** What became of a try: exactly one of these follows `try`, unless the client leaves before. */
export interface TryListener {
  /** @param firstTokenAt seconds */
  answered(request: number, target: number, firstTokenAt: number): void;
  /**
   * @param verdict a code of `outcomes`; @param retryAfter seconds, 0 when the target did not say
   * @param broken whether a breaker did not let it through, so that trying again at once is of no use
   */
  failed(request: number, verdict: number, retryAfter: number, broken: boolean): void;
}

const verdictOf: Record<Ending, number> = {
  finished: outcomeCode.served,
  shed: outcomeCode.shed,
  throttled: outcomeCode.throttled,
  failed: outcomeCode.failed,
  dropped: outcomeCode.timedOut,
};

/** How a breaker and a gate see an attempt that was given up for another's sake. */
const cancelled = -1;

/**
 * Sends what one class sends: an attempt for each try, through the target's breaker and the gate, and others beside it when it is
 * slow. Of those under way for a request the first to give a token goes on alone.
 */
export class Sender {
  private readonly simulation: Simulation;
  private readonly requests: Requests;
  private readonly attempts: Attempts;
  private readonly setup: ClientSetup;
  private readonly chooser: Chooser;
  private readonly budget: RetryBudget | undefined;
  private readonly meter: ClientMeter;
  private readonly listener: TryListener;
  private readonly gate: Gate | undefined;
  /** One before each target of the path; empty without. */
  private readonly breakers: readonly Breaker[];
  /** By code of `outcomes`: whether breakers count it as a failure. */
  private readonly breaks: readonly boolean[];
  private readonly timeouts: Timeouts[] = [];
  private readonly hedging: Timeouts | undefined;
  /** Attempts sent in each window of the run. */
  readonly sentOverTime: CountOverTime;

  constructor(setup: ClientSetup, chooser: Chooser, budget: RetryBudget | undefined, meter: ClientMeter, listener: TryListener) {
    const { simulation, requests, attempts, settings, path, measurement } = setup;
    this.simulation = simulation;
    this.requests = requests;
    this.attempts = attempts;
    this.setup = setup;
    this.chooser = chooser;
    this.budget = budget;
    this.meter = meter;
    this.listener = listener;
    this.gate = setup.gate;
    const { breaker, timeout, hedge } = settings;
    this.breakers = breaker === undefined ? [] : path.targets.map(() => new Breaker(breaker));
    this.breaks = codes(breaker?.on ?? []);
    this.sentOverTime = new CountOverTime(measurement.window, measurement.horizon);
    const ofAttempt = (seconds: number, pending: (attempt: number) => boolean, action: (attempt: number) => void): Timeouts => {
      const open = (attempt: number, serial: number): boolean =>
        attempts.serial[attempt] === serial && attempts.abandoned[attempt] === 0 && pending(attempt);
      return new Timeouts(simulation, seconds, open, action);
    };
    const slow = (attempt: number): boolean => !this.hasFirstToken(attempt);
    const giveUp = (attempt: number): void => this.giveUp(attempt);
    if (timeout.attempt.ttft !== undefined) this.timeouts.push(ofAttempt(timeout.attempt.ttft, slow, giveUp));
    if (timeout.attempt.total !== undefined) this.timeouts.push(ofAttempt(timeout.attempt.total, () => true, giveUp));
    this.hedging = hedge && ofAttempt(hedge.after, slow, (attempt) => this.sendBeside(attempt));
  }

  /** Whether some breaker lets nothing through. */
  get breakerOpen(): boolean {
    return this.breakers.some((breaker) => breaker.isOpen(this.simulation.now));
  }

  hasFirstToken(attempt: number): boolean {
    return attempt !== none && !Number.isNaN(this.attempts.firstTokenAt[attempt]);
  }

  /** Sends an attempt to the request's target, now or when the gate lets it out. */
  try(request: number): void {
    const { requests, gate } = this;
    requests.hedges[request] = 0;
    const epoch = this.permission(request);
    if (epoch === none) return;
    if (gate !== undefined) {
      const passage = gate.enter(request, this.tokensOf(request), this.setup.priority);
      if (passage !== "out") {
        // A place among a breaker's probes is not kept by who only waits.
        this.breakers[requests.target[request]]?.ended(this.simulation.now, epoch, "neither");
        if (passage === "refused") this.listener.failed(request, outcomeCode.shed, 0, false);
        return;
      }
    }
    this.send(request, requests.target[request], epoch);
  }

  /** The gate lets out one that has waited. */
  released(request: number): void {
    const { gate, requests } = this;
    if (this.breakers.length === 0) {
      this.send(request, requests.target[request], 0);
      return;
    }
    const target = requests.target[request];
    const epoch = this.breakers[target].admit(this.simulation.now);
    if (epoch > 0) this.send(request, target, epoch);
    else {
      gate!.ended(this.tokensOf(request), NaN, false);
      this.broken(request);
    }
  }

  /** It has waited at the gate for too long. */
  shed(request: number): void {
    this.listener.failed(request, outcomeCode.shed, 0, false);
  }

  /** An attempt that is still waited for has ended at its target. */
  ended(attempt: number, ending: Ending, retryAfter: number): void {
    const { attempts, requests } = this;
    const request = attempts.request[attempt];
    const target = attempts.target[attempt];
    const firstTokenAt = attempts.firstTokenAt[attempt];
    const verdict = verdictOf[ending];
    const alone = this.detach(attempt);
    this.settle(attempt, verdict);
    if (verdict === outcomeCode.served) {
      if (attempts.beside[attempt] === 1) this.meter.hedgesWon++;
      requests.outputTokens[request] = attempts.outputTokens[attempt];
    }
    attempts.close(attempt);
    if (verdict === outcomeCode.served) this.listener.answered(request, target, firstTokenAt);
    else if (alone) this.listener.failed(request, verdict, retryAfter, false);
  }

  /** An attempt that is not the only one has its first token: the others are given up for its sake. */
  answering(attempt: number): void {
    const { attempts, requests } = this;
    while (attempts.sibling[attempt] !== attempt) {
      const other = attempts.sibling[attempt];
      this.detach(other);
      this.abandon(other, cancelled);
    }
    requests.attempt[attempts.request[attempt]] = attempt;
  }

  /** The client leaves: what is under way for the request is given up, and one that waits at the gate leaves the line. */
  leave(request: number): void {
    const { requests } = this;
    if (requests.ticket[request] !== none) this.gate!.leave(request);
    while (requests.attempt[request] !== none) {
      const attempt = requests.attempt[request];
      this.detach(attempt);
      this.abandon(attempt, outcomeCode.timedOut);
    }
  }

  /** The patience for one attempt has ended. */
  private giveUp(attempt: number): void {
    const request = this.attempts.request[attempt];
    this.meter.attemptsTimedOut++;
    const alone = this.detach(attempt);
    this.abandon(attempt, outcomeCode.timedOut);
    if (alone) this.listener.failed(request, outcomeCode.timedOut, 0, false);
  }

  /** The breaker's epoch, 0 without a breaker; `none` when it refused, and the listener knows. */
  private permission(request: number): number {
    if (this.breakers.length === 0) return 0;
    const epoch = this.breakers[this.requests.target[request]].admit(this.simulation.now);
    if (epoch > 0) return epoch;
    this.broken(request);
    return none;
  }

  private broken(request: number): void {
    this.meter.brokenOff++;
    this.listener.failed(request, outcomeCode.shed, 0, true);
  }

  /** The last one sent is slow: another follows, if it can be sent at once and the budget pays for it. */
  private sendBeside(slow: number): void {
    const { attempts, requests, gate, breakers, simulation, budget, chooser, setup } = this;
    const request = attempts.request[slow];
    const { most, target: where } = setup.settings.hedge!;
    if (requests.hedges[request] >= most) return;
    const next = chooser.stepOf(request) + 1;
    const further = where === "next" && next < chooser.chainOf(request).steps.length;
    const target = further ? chooser.draw(request, next) : requests.target[request];
    const epoch = breakers.length === 0 ? 0 : breakers[target].admit(simulation.now);
    if (epoch === 0 && breakers.length > 0) return;
    const passes = gate === undefined || gate.tryEnter(this.tokensOf(request));
    if (!passes || (budget !== undefined && !budget.spend(false))) {
      breakers[target]?.ended(simulation.now, epoch, "neither");
      if (passes) gate?.ended(this.tokensOf(request), NaN, false);
      return;
    }
    requests.hedges[request]++;
    this.meter.hedges++;
    this.send(request, target, epoch);
  }

  private send(request: number, target: number, epoch: number): void {
    const { requests, attempts, setup, simulation } = this;
    const turn = requests.attempts[request]++;
    const maxOutput = this.maxOutputOf(request);
    const output = Math.min(requests.outputTokens[request], maxOutput);
    const attempt = attempts.open(request, requests.number[request], setup.salt, turn, requests.inputTokens[request], output);
    attempts.priority[attempt] = setup.priority;
    attempts.maxOutput[attempt] = maxOutput;
    attempts.prefix[attempt] = requests.prefix[request];
    attempts.prefixTokens[attempt] = requests.prefixTokens[request];
    attempts.sentAt[attempt] = simulation.now;
    attempts.target[attempt] = target;
    attempts.epoch[attempt] = epoch;
    attempts.rebilled[attempt] = requests.billed[request];
    const first = requests.attempt[request];
    if (first === none) requests.attempt[request] = attempt;
    else {
      attempts.beside[attempt] = 1;
      attempts.sibling[attempt] = attempts.sibling[first];
      attempts.sibling[first] = attempt;
    }
    setup.path.outstanding[setup.path.targetNumbers[target]]++;
    this.meter.sent++;
    this.sentOverTime.add(simulation.now);
    for (const timeouts of this.timeouts) timeouts.start(attempt, attempts.serial[attempt]);
    this.hedging?.start(attempt, attempts.serial[attempt]);
    setup.path.targets[target].send(attempt);
  }

  /** Takes it out of those under way for its request. @returns whether none is left */
  private detach(attempt: number): boolean {
    const { attempts, requests } = this;
    const request = attempts.request[attempt];
    if (attempts.billed[attempt] === 1) requests.billed[request] = 1;
    const next = attempts.sibling[attempt];
    if (next === attempt) {
      requests.attempt[request] = none;
      return true;
    }
    let before = next;
    while (attempts.sibling[before] !== attempt) before = attempts.sibling[before];
    attempts.sibling[before] = next;
    attempts.sibling[attempt] = attempt;
    requests.attempt[request] = next;
    return false;
  }

  private abandon(attempt: number, verdict: number): void {
    const { attempts, setup } = this;
    attempts.abandoned[attempt] = 1;
    // The target may end it there and then, but its columns stay until another attempt is opened.
    setup.path.targets[attempts.target[attempt]].abandon(attempt);
    this.settle(attempt, verdict);
  }

  /** Tells the breaker and the gate how an attempt has ended for its client. */
  private settle(attempt: number, verdict: number): void {
    const { attempts, breakers, gate, simulation, setup } = this;
    const target = attempts.target[attempt];
    setup.path.outstanding[setup.path.targetNumbers[target]]--;
    if (breakers.length > 0) {
      const ending = verdict === outcomeCode.served ? "answered" : this.breaks[verdict] ? "failed" : "neither";
      breakers[target].ended(simulation.now, attempts.epoch[attempt], ending);
    }
    if (gate === undefined) return;
    const from = attempts.sentAt[attempt];
    const until = this.hasFirstToken(attempt) ? attempts.firstTokenAt[attempt] : simulation.now;
    gate.ended(this.tokensBack(attempt, verdict), verdict === cancelled ? NaN : until - from, verdict === outcomeCode.served);
  }

  /** Tokens that the gate counts an attempt for while its answer is not there. */
  private tokensOf(request: number): number {
    const { requests, setup } = this;
    return requests.inputTokens[request] + Math.min(setup.expectedOutput, this.maxOutputOf(request));
  }

  /** What is given back of them; nobody knows what an attempt has used that was given up. */
  private tokensBack(attempt: number, verdict: number): number {
    const { attempts, setup } = this;
    if (attempts.abandoned[attempt] === 1) return 0;
    const expected = Math.min(setup.expectedOutput, attempts.maxOutput[attempt]);
    return verdict === outcomeCode.served ? expected - attempts.outputTokens[attempt] : attempts.inputTokens[attempt] + expected;
  }

  private maxOutputOf(request: number): number {
    return Math.min(this.setup.maxOutput, this.requests.maxOutput[request]);
  }
}
