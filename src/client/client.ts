import { CountOverTime } from "../kernel/count-over-time.ts";
import type { KeyedRandom } from "../kernel/random.ts";
import type { Simulation } from "../kernel/simulation.ts";
import { Timeouts } from "../kernel/timeouts.ts";
import type { Attempts } from "../traffic/attempts.ts";
import { outcomeCode } from "../traffic/outcome.ts";
import { none, type Requests } from "../traffic/requests.ts";
import type { Ending, Target } from "../traffic/target.ts";
import { ClientMeter } from "./client-meter.ts";
import type { ClientSettings } from "./client-settings.ts";
import type { Path } from "./path.ts";
import { backoff } from "./retry/backoff.ts";
import { createRetryBudget, type RetryBudget } from "./retry/retry-budget.ts";

/** Takes a request that has ended. Moments are NaN where they never came; `servedBy` is `none` unless it was served. */
export type RequestEnd = (request: number, outcome: number, servedBy: number, firstTokenAt: number, endedAt: number) => void;

const outcomeOfEnding: Record<Ending, number> = {
  finished: outcomeCode.served,
  shed: outcomeCode.shed,
  throttled: outcomeCode.throttled,
  failed: outcomeCode.failed,
  dropped: outcomeCode.timedOut,
};

/**
 * The calling side of one class. A call asks the targets in turn until one answers; a call that none answered is repeated after
 * a back-off while attempts, budget and patience last. The answer comes from exactly one attempt; whoever else still works for the
 * request works in vain.
 */
export class Client {
  readonly meter = new ClientMeter();
  readonly sentOverTime: CountOverTime;
  readonly gate: { readonly waited: number; readonly waitSeconds: number; readonly shed: number } | undefined;
  private readonly simulation: Simulation;
  private readonly requests: Requests;
  private readonly attempts: Attempts;
  private readonly path: Path;
  private readonly settings: ClientSettings;
  private readonly random: KeyedRandom;
  private readonly end: RequestEnd;
  /** Tells this class's requests from those of others with the same number. */
  private readonly salt: number;
  /** A position in `priorities`. */
  private readonly priority: number;
  /** Tokens, Infinity when the class does not say. */
  private readonly maxOutput: number;
  private readonly retryBudget: RetryBudget | undefined;
  private readonly requestTimeouts: Timeouts[] = [];
  private readonly attemptTimeouts: Timeouts[] = [];
  private readonly looked: number;
  private readonly repeat: number;

  constructor(
    simulation: Simulation,
    requests: Requests,
    attempts: Attempts,
    path: Path,
    settings: ClientSettings,
    salt: number,
    priority: number,
    maxOutput: number,
    random: KeyedRandom,
    end: RequestEnd,
    sentOverTime = new CountOverTime(1, 1),
  ) {
    this.sentOverTime = sentOverTime;
    this.simulation = simulation;
    this.requests = requests;
    this.attempts = attempts;
    this.path = path;
    this.settings = settings;
    this.salt = salt;
    this.priority = priority;
    this.maxOutput = maxOutput;
    this.random = random;
    this.end = end;
    const { timeout, retry } = settings;
    this.retryBudget = retry.budget && createRetryBudget(retry.budget);
    this.looked = simulation.handler((request, ordinal) => {
      if (requests.ordinal[request] === ordinal) this.lookedUp(request);
    });
    this.repeat = simulation.handler((request, ordinal) => {
      if (requests.ordinal[request] === ordinal) this.call(request);
    });
    const ofRequest = (seconds: number, action: (request: number) => void): void => {
      const open = (request: number, ordinal: number): boolean => requests.ordinal[request] === ordinal;
      this.requestTimeouts.push(new Timeouts(simulation, seconds, open, action));
    };
    // An attempt that is given up takes its first token with it, so whether there is one is asked when the time has come.
    if (timeout.ttft !== undefined) ofRequest(timeout.ttft, (request) => this.giveUpUnlessAnswering(request));
    if (timeout.total !== undefined) ofRequest(timeout.total, (request) => this.giveUp(request));
    const ofAttempt = (seconds: number, pending: (attempt: number) => boolean): void => {
      const open = (attempt: number, serial: number): boolean =>
        attempts.serial[attempt] === serial && attempts.abandoned[attempt] === 0 && pending(attempt);
      this.attemptTimeouts.push(new Timeouts(simulation, seconds, open, (attempt) => this.giveUpAttempt(attempt)));
    };
    if (timeout.attempt.ttft !== undefined) ofAttempt(timeout.attempt.ttft, (attempt) => !this.hasFirstToken(attempt));
    if (timeout.attempt.total !== undefined) ofAttempt(timeout.attempt.total, () => true);
  }

  arrive(request: number): void {
    const ordinal = this.requests.ordinal[request];
    for (const timeouts of this.requestTimeouts) timeouts.start(request, ordinal);
    this.enterStage(request, 0);
  }

  /** An attempt of a request that is still waited for has ended. */
  ended(attempt: number, ending: Ending, retryAfter: number): void {
    const { requests, attempts, path } = this;
    const request = attempts.request[attempt];
    const firstTokenAt = attempts.firstTokenAt[attempt];
    requests.attempt[request] = none;
    attempts.close(attempt);
    if (ending === "finished") {
      const servedBy = path.targetNumbers[requests.stage[request] - path.caches.length];
      this.finish(request, outcomeCode.served, servedBy, firstTokenAt);
    } else this.tryNext(request, outcomeOfEnding[ending], retryAfter);
  }

  private enterStage(request: number, stage: number): void {
    const { requests, path, simulation } = this;
    requests.stage[request] = stage;
    const cache = path.caches[stage];
    if (cache === undefined) this.call(request);
    else if (cache.latency === 0) this.lookedUp(request);
    else simulation.after(cache.latency, this.looked, request, requests.ordinal[request]);
  }

  private lookedUp(request: number): void {
    const { requests, path, simulation } = this;
    const stage = requests.stage[request];
    if (path.caches[stage].lookUp(requests.number[request], this.salt)) {
      this.finish(request, outcomeCode.served, path.cacheNumbers[stage], simulation.now);
    } else this.enterStage(request, stage + 1);
  }

  private call(request: number): void {
    if (this.requests.calls[request]++ === 0) this.retryBudget?.firstCall();
    this.requests.invitedAt[request] = Infinity;
    this.send(request, 0);
  }

  private send(request: number, position: number): void {
    const { requests, attempts, path } = this;
    requests.stage[request] = path.caches.length + position;
    const turn = requests.attempts[request]++;
    const input = requests.inputTokens[request];
    const output = requests.outputTokens[request];
    const attempt = attempts.open(request, requests.number[request], this.salt, turn, input, output);
    attempts.priority[attempt] = this.priority;
    attempts.maxOutput[attempt] = this.maxOutput;
    attempts.prefix[attempt] = requests.prefix[request];
    attempts.prefixTokens[attempt] = requests.prefixTokens[request];
    requests.attempt[request] = attempt;
    for (const timeouts of this.attemptTimeouts) timeouts.start(attempt, attempts.serial[attempt]);
    this.meter.sent++;
    this.sentOverTime.add(this.simulation.now);
    path.targets[position].send(attempt);
  }

  /** A target did not answer: the next one is asked at once, and after the last one the call is repeated later. */
  private tryNext(request: number, verdict: number, retryAfter: number): void {
    const { requests, path, settings, simulation } = this;
    requests.verdict[request] = verdict;
    if (retryAfter > 0 && retryAfter <= settings.retry.retryAfterMax) {
      requests.invitedAt[request] = Math.min(requests.invitedAt[request], simulation.now + retryAfter);
    }
    const position = requests.stage[request] - path.caches.length + 1;
    // An answer that broke off after its first token may leave no time for another first token.
    if (simulation.now >= requests.arrivedAt[request] + (settings.timeout.ttft ?? Infinity)) this.finish(request, verdict, none, NaN);
    else if (position < path.targets.length) this.send(request, position);
    else this.callAgain(request);
  }

  private callAgain(request: number): void {
    const { requests, settings, simulation } = this;
    const calls = requests.calls[request];
    const { retry } = settings;
    const due = calls < retry.attempts;
    const paid = due && (this.retryBudget?.spend(requests.verdict[request] === outcomeCode.timedOut) ?? true);
    if (due) this.meter.retries++;
    if (due && !paid) this.meter.retriesForbidden++;
    if (!paid) {
      this.finish(request, requests.verdict[request], none, NaN);
      return;
    }
    const ordinal = requests.ordinal[request];
    const wait = backoff(retry.backoff, calls, this.random.of(requests.number[request], calls));
    const invitedAt = requests.invitedAt[request];
    simulation.at(Math.max(simulation.now + wait, invitedAt === Infinity ? 0 : invitedAt), this.repeat, request, ordinal);
  }

  private giveUpUnlessAnswering(request: number): void {
    if (!this.hasFirstToken(this.requests.attempt[request])) this.giveUp(request);
  }

  /** The request's own patience has ended. One that was told to come back later stays throttled while it waits to do so. */
  private giveUp(request: number): void {
    const { requests } = this;
    const attempt = requests.attempt[request];
    const target = this.asked(request);
    const throttled = attempt === none && requests.verdict[request] === outcomeCode.throttled;
    this.finish(request, throttled ? outcomeCode.throttled : outcomeCode.timedOut, none, NaN);
    if (attempt !== none) this.abandon(attempt, target);
  }

  /** The patience for one attempt has ended; the request goes on. */
  private giveUpAttempt(attempt: number): void {
    const request = this.attempts.request[attempt];
    this.meter.attemptsTimedOut++;
    this.requests.attempt[request] = none;
    this.abandon(attempt, this.asked(request));
    this.tryNext(request, outcomeCode.timedOut, 0);
  }

  private abandon(attempt: number, target: Target | undefined): void {
    this.attempts.abandoned[attempt] = 1;
    target?.abandon(attempt);
  }

  /** The target that a request is at; undefined while it is still at a cache. */
  private asked(request: number): Target | undefined {
    return this.path.targets[this.requests.stage[request] - this.path.caches.length];
  }

  private hasFirstToken(attempt: number): boolean {
    return attempt !== none && !Number.isNaN(this.attempts.firstTokenAt[attempt]);
  }

  private finish(request: number, outcome: number, servedBy: number, firstTokenAt: number): void {
    this.end(request, outcome, servedBy, firstTokenAt, this.simulation.now);
    this.requests.close(request);
  }
}
