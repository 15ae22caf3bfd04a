import { hash32 } from "../../kernel/hash.ts";
import type { KeyedRandom } from "../../kernel/random.ts";
import type { Simulation } from "../../kernel/simulation.ts";
import type { Attempts } from "../../traffic/attempts.ts";
import { causeCode } from "../../traffic/cause.ts";
import { outcomeCode } from "../../traffic/outcome.ts";
import { none, type Requests } from "../../traffic/requests.ts";
import { wholeTokens } from "../../traffic/lengths.ts";
import { Breaker } from "../breaker.ts";
import type { ClientSetup } from "../client-setup.ts";
import { codes } from "../codes.ts";
import { RetryLoop } from "../retry/retry-loop.ts";
import type { Leaf } from "./node.ts";
import type { StageTasks } from "./stage-tasks.ts";

/** Begins what one stage does for a task, and gives it up; behind the stage's breaker, as often as its retries say. */
export class StageRunner {
  readonly leaf: Leaf;
  /** What the time of the stage goes to, a position in `causes`. */
  readonly cause: number;
  private readonly simulation: Simulation;
  private readonly requests: Requests;
  private readonly attempts: Attempts;
  private readonly tasks: StageTasks;
  private readonly priority: number;
  private readonly salt: number;
  private readonly random: KeyedRandom;
  private readonly retries: RetryLoop;
  private readonly breaker: Breaker | undefined;
  /** By code of `outcomes`: what the breaker counts as a failure. */
  private readonly fails: readonly boolean[];
  private readonly embedded: number;

  /** @param embedded handler of the end of an embedding that takes its time and no more */
  constructor(setup: ClientSetup, leaf: Leaf, embedded: number) {
    const { simulation, requests, attempts, tasks, streams, name } = setup;
    this.leaf = leaf;
    this.cause = leaf.slot === none ? causeCode.cache : leaf.deed.kind === "read" ? causeCode.retrieval : causeCode.calls;
    this.simulation = simulation;
    this.requests = requests;
    this.attempts = attempts;
    this.tasks = tasks;
    this.priority = setup.priority;
    this.salt = hash32(`${name}.${leaf.name}`);
    const stream = `traffic.${name}.stages.${leaf.name}`;
    this.random = streams.keyed(stream);
    this.retries = new RetryLoop(leaf.retry, streams.keyed(`${stream}.retry`), { retries: 0, retriesForbidden: 0 });
    this.breaker = leaf.breaker && new Breaker(leaf.breaker);
    this.fails = codes(leaf.breaker?.on ?? []);
    this.embedded = embedded;
  }

  /** Begins an attempt for a task, which may have ended when this returns. @returns whether the breaker lets it through */
  begin(task: number): boolean {
    const { tasks, requests, breaker, simulation, retries } = this;
    if (breaker !== undefined) {
      const epoch = breaker.admit(simulation.now);
      if (epoch === 0) return false;
      tasks.epoch[task] = epoch;
    }
    const { deed } = this.leaf;
    const turn = tasks.tries[task]++;
    if (turn === 0) retries.budget?.firstCall();
    if (deed.kind === "call") this.call(task, turn, deed);
    else if (deed.kind === "read") {
      const serial = tasks.serial[task];
      const ticket = deed.store.read(task, requests.number[tasks.request[task]], turn, this.salt);
      if (tasks.serial[task] === serial && ticket !== none) tasks.underWay[task] = ticket;
    } else {
      const request = tasks.request[task];
      deed.meter.tokens += requests.inputTokens[request];
      const time = deed.latency.sample(this.random.of(requests.number[request], turn));
      simulation.after(time, this.embedded, task, tasks.serial[task]);
    }
    return true;
  }

  /** What was under way has ended. @param verdict a code of `outcomes` */
  ended(task: number, verdict: number): void {
    const { tasks, breaker, simulation, retries } = this;
    tasks.underWay[task] = none;
    const served = verdict === outcomeCode.served;
    if (served) retries.budget?.answered();
    breaker?.ended(simulation.now, tasks.epoch[task], served ? "answered" : this.fails[verdict] ? "failed" : "neither");
  }

  /** Seconds until it is tried again after an ending; undefined when it is not. */
  retryAfter(task: number, verdict: number, retryAfter: number): number | undefined {
    const { tasks, requests, retries } = this;
    const tries = tasks.tries[task];
    if (!retries.mayRetry(tries, verdict, retryAfter)) return undefined;
    const wait = retries.wait(requests.number[tasks.request[task]], tries, tries);
    return Math.max(wait, retries.honours(retryAfter) ? retryAfter : 0);
  }

  /** Gives up what is under way for a task, if anything is. @param verdict a code of `outcomes`, or `uncounted` by the breaker */
  giveUp(task: number, verdict: number): void {
    const { tasks, attempts, leaf, breaker, simulation } = this;
    const { deed } = leaf;
    const underWay = tasks.underWay[task];
    if (deed.kind !== "embed" && underWay === none) return;
    tasks.underWay[task] = none;
    if (deed.kind === "read") deed.store.leave(underWay);
    else if (deed.kind === "call") {
      attempts.abandoned[underWay] = 1;
      deed.target.abandon(underWay);
    }
    breaker?.ended(simulation.now, tasks.epoch[task], this.fails[verdict] ? "failed" : "neither");
  }

  private call(task: number, turn: number, deed: Extract<Leaf["deed"], { kind: "call" }>): void {
    const { tasks, requests, attempts, random } = this;
    const request = tasks.request[task];
    const number = requests.number[request];
    random.of(number);
    const input = deed.input === undefined ? requests.inputTokens[request] : wholeTokens(deed.input.sample(random));
    const output = deed.output === undefined ? 1 : wholeTokens(deed.output.sample(random));
    const attempt = attempts.open(request, number, this.salt, turn, input, output);
    attempts.task[attempt] = task;
    attempts.priority[attempt] = this.priority;
    attempts.maxOutput[attempt] = deed.output?.largest ?? 1;
    tasks.underWay[task] = attempt;
    deed.target.send(attempt);
  }
}
