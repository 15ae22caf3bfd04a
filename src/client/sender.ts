import type { Simulation } from "../kernel/simulation.ts";
import { CountOverTime } from "../kernel/count-over-time.ts";
import { Timeouts } from "../kernel/timeouts.ts";
import type { Attempts } from "../traffic/attempts.ts";
import { outcomeCode } from "../traffic/outcome.ts";
import { none, type Requests } from "../traffic/requests.ts";
import type { Ending } from "../traffic/target.ts";
import { uncounted } from "./breakers.ts";
import type { Chooser } from "./chooser.ts";
import type { ClientMeter } from "./client-meter.ts";
import type { ClientSetup } from "./client-setup.ts";
import { verdictOf } from "./codes.ts";
import { createGuards, type Guards } from "./guards.ts";
import type { Path } from "./path.ts";
import type { RetryBudget } from "./retry/retry-budget.ts";

/** What becomes of a try: exactly one of `answered` and `failed` follows it, unless the client leaves before. */
export interface TryListener {
  /** One of several attempts of a try has come to nothing. @param retryAfter seconds, 0 when the target did not say */
  invited(request: number, retryAfter: number): void;
  /** @param firstTokenAt seconds */
  answered(request: number, target: number, firstTokenAt: number): void;
  /**
   * @param verdict a code of `outcomes`; @param retryAfter seconds, 0 when the target did not say
   * @param broken whether a breaker did not let it through, so that trying again at once is of no use
   */
  failed(request: number, verdict: number, retryAfter: number, broken: boolean): void;
}

/**
 * Sends what one class sends: an attempt for each try, through the target's breaker and the gate, and others beside it when it is
 * slow. Of those under way for a request the first to give a token goes on alone.
 */
export class Sender {
  private readonly simulation: Simulation;
  private readonly requests: Requests;
  private readonly attempts: Attempts;
  private readonly setup: ClientSetup;
  private readonly path: Path;
  private readonly chooser: Chooser;
  private readonly budget: RetryBudget | undefined;
  private readonly meter: ClientMeter;
  private readonly listener: TryListener;
  readonly guards: Guards | undefined;
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
    this.path = path;
    this.chooser = chooser;
    this.budget = budget;
    this.meter = meter;
    this.listener = listener;
    this.guards = createGuards(setup, meter);
    const { timeout, hedge } = settings;
    this.sentOverTime = new CountOverTime(measurement.window, measurement.horizon);
    const { ttft, total } = timeout.attempt;
    const open = (attempt: number, serial: number): boolean => attempts.serial[attempt] === serial && attempts.abandoned[attempt] === 0;
    const slow = (attempt: number, serial: number): boolean => open(attempt, serial) && !this.hasFirstToken(attempt);
    const giveUp = (attempt: number): void => this.giveUp(attempt);
    if (ttft !== undefined) this.timeouts.push(new Timeouts(simulation, ttft, slow, giveUp));
    if (total !== undefined) this.timeouts.push(new Timeouts(simulation, total, open, giveUp));
    this.hedging = hedge && new Timeouts(simulation, hedge.after, slow, (attempt) => this.sendBeside(attempt));
  }

  hasFirstToken(attempt: number): boolean {
    return attempt !== none && !Number.isNaN(this.attempts.firstTokenAt[attempt]);
  }

  /** Sends an attempt to the request's target, now or when the gate lets it out. */
  try(request: number): void {
    const { requests, guards, listener } = this;
    const target = requests.target[request];
    requests.hedges[request] = 0;
    const passage = guards === undefined ? "out" : guards.ask(request, target);
    if (passage === "out") this.send(request, target);
    else if (passage === "broken") this.broken(request);
    else if (passage === "refused") listener.failed(request, outcomeCode.shed, 0, false);
  }

  /** The gate lets out one that has waited. */
  released(request: number): void {
    const target = this.requests.target[request];
    if (this.guards!.askAgain(request, target)) this.send(request, target);
    else this.broken(request);
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
    this.guards?.ended(attempt, verdict);
    if (verdict === outcomeCode.served) {
      if (attempts.beside[attempt] === 1) this.meter.hedgesWon++;
      requests.outputTokens[request] = attempts.outputTokens[attempt];
    }
    attempts.close(attempt);
    if (verdict === outcomeCode.served) this.listener.answered(request, target, firstTokenAt);
    else if (alone) this.listener.failed(request, verdict, retryAfter, false);
    else this.listener.invited(request, retryAfter);
  }

  /** An attempt that is not the only one has its first token: the others are given up for its sake. */
  answering(attempt: number): void {
    const { attempts, requests } = this;
    while (attempts.sibling[attempt] !== attempt) {
      const other = attempts.sibling[attempt];
      this.detach(other);
      this.abandon(other, uncounted);
    }
    const request = attempts.request[attempt];
    requests.attempt[request] = attempt;
    requests.time.enter(request, attempts.cause[attempt], this.simulation.now);
  }

  /** The client leaves: what is under way for the request is given up, and one that waits at the gate leaves the line. */
  leave(request: number): void {
    const { requests } = this;
    if (requests.ticket[request] !== none) this.guards!.leave(request);
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

  private broken(request: number): void {
    this.meter.brokenOff++;
    this.listener.failed(request, outcomeCode.shed, 0, true);
  }

  /** A try is slow: another attempt follows, if it can be sent at once and the budget pays for it, and in time perhaps a further one. */
  private sendBeside(slow: number): void {
    const { attempts, requests, guards, budget, chooser, setup } = this;
    const request = attempts.request[slow];
    const { most, target: where } = setup.settings.hedge!;
    if (requests.hedges[request] >= most) return;
    const next = chooser.stepOf(request) + 1;
    const further = where === "next" && next < chooser.chainOf(request).steps.length;
    const target = further ? chooser.draw(request, next) : requests.target[request];
    if (guards !== undefined && !guards.askBeside(request, target)) return;
    if (budget !== undefined && !budget.spend(false)) {
      guards?.withdraw(request, target);
      return;
    }
    requests.hedges[request]++;
    this.meter.hedges++;
    this.send(request, target);
    this.hedging!.start(slow, attempts.serial[slow]);
  }

  private send(request: number, target: number): void {
    const { requests, attempts, setup, path, simulation } = this;
    const turn = requests.attempts[request]++;
    const output = requests.outputTokens[request];
    const attempt = attempts.open(request, requests.number[request], setup.salt, turn, requests.inputTokens[request], output);
    const maxOutput = Math.min(setup.maxOutput, requests.maxOutput[request]);
    attempts.maxOutput[attempt] = maxOutput;
    if (maxOutput < output) attempts.outputTokens[attempt] = maxOutput;
    attempts.priority[attempt] = setup.priority;
    attempts.prefix[attempt] = requests.prefix[request];
    attempts.prefixTokens[attempt] = Math.min(requests.prefixTokens[request], requests.inputTokens[request]);
    attempts.target[attempt] = target;
    attempts.rebilled[attempt] = requests.billed[request];
    const beside = requests.attempt[request] !== none;
    if (beside) attempts.placeBeside(attempt, requests.attempt[request]);
    else requests.attempt[request] = attempt;
    this.guards?.sent(attempt);
    this.meter.sent++;
    this.sentOverTime.add(simulation.now);
    for (const timeouts of this.timeouts) timeouts.start(attempt, attempts.serial[attempt]);
    if (!beside) this.hedging?.start(attempt, attempts.serial[attempt]);
    path.targets[target].send(attempt);
  }

  /** Takes it out of those under way for its request. @returns whether none is left */
  private detach(attempt: number): boolean {
    const { attempts, requests } = this;
    const request = attempts.request[attempt];
    if (attempts.billed[attempt] === 1) requests.billed[request] = 1;
    const next = attempts.takeOut(attempt);
    if (requests.attempt[request] !== attempt) return false;
    requests.attempt[request] = next;
    if (next === none) return true;
    requests.time.enter(request, attempts.cause[next], this.simulation.now);
    return false;
  }

  private abandon(attempt: number, verdict: number): void {
    const { attempts, path } = this;
    attempts.abandoned[attempt] = 1;
    // The target may end it there and then, but its columns stay until another attempt is opened.
    path.targets[attempts.target[attempt]].abandon(attempt);
    this.guards?.ended(attempt, verdict);
  }
}
