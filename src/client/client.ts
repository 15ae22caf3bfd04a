import type { KeyedRandom } from "../kernel/random.ts";
import type { Simulation } from "../kernel/simulation.ts";
import type { Timeouts } from "../kernel/timeouts.ts";
import { causeCode } from "../traffic/cause.ts";
import { outcomeCode } from "../traffic/outcome.ts";
import { none, type Requests } from "../traffic/requests.ts";
import { Agent } from "./agent/agent.ts";
import { Chooser } from "./chooser.ts";
import { ClientMeter } from "./client-meter.ts";
import type { ClientSetup } from "./client-setup.ts";
import { Ladder } from "./degradation/ladder.ts";
import { waitAfter } from "./codes.ts";
import type { Path } from "./path.ts";
import { patienceOf } from "./patience.ts";
import { RetryLoop } from "./retry/retry-loop.ts";
import { Sender, type TryListener } from "./sender.ts";
import { Walk, type WalkListener } from "./walk.ts";

/**
 * The calling side of one class. A call asks the targets of its chain in turn until one answers, each of them as often as the
 * nested retries say; a call that none answered is repeated after a back-off while attempts, budget and patience last. The answer
 * comes from exactly one attempt; whoever else still works for the request works in vain.
 */
export class Client implements TryListener, WalkListener {
  readonly meter = new ClientMeter();
  readonly sender: Sender;
  readonly walk: Walk;
  private readonly simulation: Simulation;
  private readonly requests: Requests;
  private readonly path: Path;
  private readonly setup: ClientSetup;
  private readonly chooser: Chooser;
  private readonly retries: RetryLoop;
  private readonly nested: RetryLoop | undefined;
  private readonly ladder: Ladder | undefined;
  private readonly agent: Agent | undefined;
  private readonly timeouts: readonly Timeouts[];
  private readonly ttftPatience: number;
  private inFlight = 0;
  private readonly callLater: number;
  private readonly tryAgain: number;
  private readonly answerCanned: number;

  constructor(setup: ClientSetup) {
    const { simulation, requests, streams, settings, path, name } = setup;
    this.simulation = simulation;
    this.requests = requests;
    this.path = path;
    this.setup = setup;
    const { timeout, retry, degrade } = settings;
    const random = (what: string): KeyedRandom => streams.keyed(`traffic.${name}.client${what}`);
    this.chooser = new Chooser(requests, path, random(".split"));
    this.retries = new RetryLoop(retry, random(""), this.meter);
    this.nested = retry.nested && new RetryLoop(retry.nested, random(".nested"), this.meter);
    this.sender = new Sender(setup, this.chooser, this.retries.budget, this.meter, this);
    if (Object.keys(degrade).length > 0) this.ladder = new Ladder(degrade, path.stages);
    this.agent = setup.agent && new Agent(setup.agent, requests, random(".agent"));
    this.ttftPatience = timeout.ttft ?? Infinity;

    const open = (request: number, ordinal: number): boolean => requests.ordinal[request] === ordinal;
    const whileOpen = (action: (request: number) => void): number =>
      simulation.handler((request, ordinal) => {
        if (open(request, ordinal)) action(request);
      });
    this.walk = new Walk(setup, this);
    this.callLater = whileOpen((request) => this.call(request));
    this.tryAgain = whileOpen((request) => this.sender.try(request));
    this.answerCanned = whileOpen((request) => this.cannedIsThere(request));
    const late = (request: number): void => this.giveUpUnlessAnswering(request);
    this.timeouts = patienceOf(timeout, simulation, open, late, (request) => this.giveUp(request));
  }

  arrive(request: number): void {
    this.inFlight++;
    for (const timeouts of this.timeouts) timeouts.start(request, this.requests.ordinal[request]);
    this.agent?.begin(request);
    this.walk.enter(request, 0);
  }

  answered(request: number, target: number, firstTokenAt: number): void {
    this.retries.budget?.answered();
    this.nested?.budget?.answered();
    const { agent, simulation } = this;
    if (agent?.goesOn(request) === true) {
      this.requests.time.enter(request, causeCode.calls, simulation.now);
      simulation.after(agent.nextTurn(request), this.callLater, request, this.requests.ordinal[request]);
      return;
    }
    // What a rung has made worse is not what others ask for; an answer as long as the rung lets it be counts as cut.
    const { chain, lacks, outputTokens, maxOutput } = this.requests;
    const whole = chain[request] === 0 && lacks[request] === 0 && outputTokens[request] < maxOutput[request];
    this.finish(request, outcomeCode.served, this.path.targetNumbers[target], firstTokenAt, whole);
  }

  invited(request: number, retryAfter: number): void {
    const { invitedAt } = this.requests;
    if (this.retries.honours(retryAfter)) invitedAt[request] = Math.min(invitedAt[request], this.simulation.now + retryAfter);
  }

  /** A try has come to nothing: it is repeated at its target, or the next target is asked, or the call has ended. */
  failed(request: number, verdict: number, retryAfter: number, broken: boolean): void {
    const { requests, simulation, nested, chooser } = this;
    requests.verdict[request] = verdict;
    this.invited(request, retryAfter);
    // An answer that broke off after its first token may leave no time for another first token.
    if (simulation.now >= requests.arrivedAt[request] + this.ttftPatience) {
      this.finish(request, verdict, none, NaN);
      return;
    }
    if (nested !== undefined && !broken && nested.mayRetry(requests.tries[request], verdict, retryAfter)) {
      const wait = nested.wait(requests.number[request], requests.tries[request]++, requests.attempts[request]);
      const delay = Math.max(wait, nested.honours(retryAfter) ? retryAfter : 0);
      this.meter.backoffSeconds += delay;
      requests.time.enter(request, waitAfter(verdict), simulation.now);
      simulation.after(delay, this.tryAgain, request, requests.ordinal[request]);
      return;
    }
    const next = chooser.stepOf(request) + 1;
    const { steps, goesOn } = chooser.chainOf(request);
    if (next < steps.length && goesOn[verdict]) this.ask(request, next);
    else this.callAgain(request, retryAfter);
  }

  skips(request: number, stage: number): boolean {
    const { requests, ladder } = this;
    if (ladder === undefined) return false;
    this.look(ladder, request);
    const skippedUnder = ladder.skipping(stage);
    if (skippedUnder === 0) return false;
    requests.skippedUnder[request] = Math.max(requests.skippedUnder[request], skippedUnder);
    requests.rung[request] = requests.skippedUnder[request];
    return true;
  }

  found(request: number, stage: number): void {
    this.agent?.answeredBefore(request);
    this.finish(request, outcomeCode.served, this.path.stages[stage].cache!.number, this.simulation.now);
  }

  call(request: number): void {
    const { requests, ladder } = this;
    if (requests.calls[request]++ === requests.callsBefore[request]) {
      this.retries.budget?.firstCall();
      this.nested?.budget?.firstCall();
    }
    requests.invitedAt[request] = Infinity;
    if (ladder !== undefined) {
      this.look(ladder, request);
      requests.rung[request] = Math.max(requests.skippedUnder[request], ladder.rung);
      if (ladder.canned !== undefined) {
        this.can(request, ladder.canned);
        return;
      }
      requests.chain[request] = ladder.chain;
      requests.maxOutput[request] = ladder.maxOutput;
    }
    this.ask(request, 0);
  }

  /** Asks the target at a step of the chain, or the first one after it that the call does not pass over. */
  private ask(request: number, position: number): void {
    const { requests, path, chooser } = this;
    const { steps } = chooser.chainOf(request);
    let at = position;
    for (; at < steps.length - 1 && chooser.spillsOver(steps[at], request); at++) this.meter.spilledOver++;
    requests.stage[request] = path.stages.length + at;
    requests.target[request] = chooser.draw(request, at);
    requests.tries[request] = 1;
    this.sender.try(request);
  }

  /** @param retryAfter what the last target said */
  private callAgain(request: number, retryAfter: number): void {
    const { requests, simulation, retries } = this;
    const calls = requests.calls[request] - requests.callsBefore[request];
    const verdict = requests.verdict[request];
    if (!retries.mayRetry(calls, verdict, retryAfter)) {
      this.endInVain(request, verdict);
      return;
    }
    const wait = retries.wait(requests.number[request], calls, requests.calls[request]);
    const invitedAt = requests.invitedAt[request];
    const at = Math.max(simulation.now + wait, invitedAt === Infinity ? 0 : invitedAt);
    this.meter.backoffSeconds += at - simulation.now;
    requests.time.enter(request, at > simulation.now + wait ? causeCode.rateLimit : waitAfter(verdict), simulation.now);
    simulation.at(at, this.callLater, request, requests.ordinal[request]);
  }

  /** Nothing is left to try. */
  endInVain(request: number, verdict: number): void {
    const { requests, ladder } = this;
    requests.verdict[request] = verdict;
    if (ladder === undefined || ladder.lastResort === 0) {
      this.finish(request, verdict, none, NaN);
      return;
    }
    requests.rung[request] = ladder.lastResort;
    this.can(request, ladder.lastResortLatency);
  }

  /** Finds which rungs of the ladder apply. */
  private look(ladder: Ladder, request: number): void {
    const { requests, simulation, inFlight, sender } = this;
    const call = requests.calls[request] - requests.callsBefore[request];
    const waited = simulation.now - requests.arrivedAt[request];
    ladder.look({ call, waited, inFlight, breakerOpen: sender.guards?.breakerOpen ?? false, output: requests.outputTokens[request] });
  }

  private can(request: number, latency: number): void {
    this.requests.time.enter(request, causeCode.cache, this.simulation.now);
    this.simulation.after(latency, this.answerCanned, request, this.requests.ordinal[request]);
  }

  /** No model has made any token of it. */
  private cannedIsThere(request: number): void {
    this.requests.outputTokens[request] = 0;
    this.finish(request, outcomeCode.served, this.path.cannedNumber, this.simulation.now);
  }

  private giveUpUnlessAnswering(request: number): void {
    // What an agent writes before its last turn is no answer yet.
    const answering = this.sender.hasFirstToken(this.requests.attempt[request]) && this.agent?.goesOn(request) !== true;
    if (!answering) this.giveUp(request);
  }

  /** The request's own patience has ended. One that was told to come back later stays throttled while it waits to do so. */
  private giveUp(request: number): void {
    const { requests, walk } = this;
    const idle = requests.attempt[request] === none && requests.ticket[request] === none;
    const throttled = idle && (requests.verdict[request] === outcomeCode.throttled || walk.pipeline.isThrottled(request));
    this.sender.leave(request);
    this.finish(request, throttled ? outcomeCode.throttled : outcomeCode.timedOut, none, NaN);
  }

  /** @param kept whether caches that had no answer may keep this one */
  private finish(request: number, outcome: number, servedBy: number, firstTokenAt: number, kept = false): void {
    const { requests, walk, ladder } = this;
    this.inFlight--;
    walk.leave(request);
    this.setup.end(request, outcome, servedBy, firstTokenAt, this.simulation.now);
    const number = requests.number[request];
    const missed = requests.missed[request];
    const question = requests.question[request];
    if (ladder !== undefined) requests.restore(request);
    requests.close(request);
    if (missed !== 0) walk.ended(number, question, missed, kept);
  }
}
