import type { z } from "zod";
import { count, duration, issue, settings } from "../../base/settings.ts";
import type { Distribution } from "../../kernel/distributions/distribution.ts";
import { createDistribution, distribution } from "../../kernel/distributions/registry.ts";
import type { KeyedRandom } from "../../kernel/random.ts";
import type { Simulation } from "../../kernel/simulation.ts";
import { causeCode } from "../../traffic/cause.ts";
import { none } from "../../traffic/requests.ts";
import type { Replica, ReplicaContext, ReplicaListener } from "./replica.ts";
import { type Sequences, sequenceState } from "./sequences.ts";
import { FifoLine } from "../admission/orders/fifo.ts";
import type { WaitingLine } from "../admission/waiting-line.ts";

export const staticBatchSettings = settings({
  size: count({ min: 1, max: 100_000, whole: true }).describe("most attempts in a batch"),
  wait: duration().prefault(0).describe("how long the first in line waits for a batch to fill while the server is free"),
  service: distribution(duration()).prefault({ constant: 0 }).describe("time of a batch, whatever is in it"),
  perAttempt: duration().prefault(0).describe("time of a batch per attempt in it"),
  perInputToken: duration().prefault(0).describe("time of a batch per token of its prompts together"),
  perOutputToken: duration().prefault(0).describe("time of a batch per token of its longest answer"),
}).superRefine((value, context) => {
  // A service that is no distribution is a mistake already.
  if (context.issues.length > 0) return;
  const longest = createDistribution(value.service).largest;
  if (longest + value.perAttempt + value.perInputToken + value.perOutputToken > 0) return;
  issue(context, "out-of-range", "a batch would take no time", { hint: "give service, perAttempt, perInputToken or perOutputToken" });
});

export type StaticBatchSettings = z.infer<typeof staticBatchSettings>;

/**
 * A server that gathers a batch and runs it to its end, as dynamic batching does for embedders and classic static batching for LLMs.
 * A free server starts a batch of the first in line as soon as there are `size` whose clients still wait, or when the first of all has
 * waited `wait`: then whoever comes at that very moment is still in it, however late his coming was decided. It takes
 *
 *     service + perAttempt·attempts + perInputToken·Σ inputTokens + perOutputToken·max outputTokens
 *
 * where `service` is drawn by the batch's first attempt, so that it does not depend on the order of events. All answers come at
 * the end, first token and last together. Nothing stops a batch: an attempt whose client leaves while it runs ends with it,
 * whatever `onCancel` says, and its equal share of the time is waste. Who leaves the line is dropped when a batch is formed or,
 * as the first, when it has waited `wait`; with `abort` at once.
 */
export class StaticBatch implements Replica {
  outstanding = 0;
  readonly preemptions = 0;
  readonly kvUse = 0;
  wastedSeconds = 0;
  private readonly simulation: Simulation;
  private readonly sequences: Sequences;
  private readonly given: StaticBatchSettings;
  private readonly service: Distribution;
  private readonly pace: number;
  private readonly random: KeyedRandom;
  private readonly abortOnCancel: boolean;
  private readonly listener: ReplicaListener;
  private readonly line: WaitingLine;
  private readonly alarm: number;
  private readonly done: number;
  /** What is being run, and an empty list that takes its place at the end. */
  private batch: number[] = [];
  private spare: number[] = [];
  private startedAt = 0;
  private pastBusySeconds = 0;
  private halted = false;
  /** Whether an alarm is pending. It is due no later than the first in line, since that one joined last of all who have been first. */
  private alarmIsSet = false;
  /** Attempts that have ever joined the line. */
  private joined = 0;
  /** Those in line whose clients still wait. */
  private wanted = 0;

  /** @param random of the service times; the line must be first come, first served, since a batch is due by its first */
  constructor(context: ReplicaContext, given: StaticBatchSettings, random: KeyedRandom) {
    const { simulation, sequences, onCancel, listener, line = new FifoLine(sequences.lines), pace = 1 } = context;
    this.simulation = simulation;
    this.sequences = sequences;
    this.given = given;
    this.service = createDistribution(given.service);
    this.random = random;
    this.abortOnCancel = onCancel === "abort";
    this.listener = listener;
    this.line = line;
    this.pace = pace;
    this.alarm = simulation.handler((_, joined) => {
      if (!this.halted) this.startWhenDue(joined);
    });
    this.done = simulation.handler(() => {
      if (!this.halted) this.finish();
    });
  }

  /** While it is free it gathers a batch, and whoever comes is in it. */
  get hasRoom(): boolean {
    return this.batch.length === 0;
  }

  busySeconds(now: number): number {
    return this.pastBusySeconds + (this.batch.length > 0 ? now - this.startedAt : 0);
  }

  take(attempt: number): void {
    const { sequences, simulation } = this;
    this.outstanding++;
    sequences.state[attempt] = sequenceState.waiting;
    sequences.started[attempt] = 0;
    sequences.joinedAt[attempt] = simulation.now;
    this.line.join(attempt);
    this.joined++;
    this.wanted++;
    this.startWhenFull();
  }

  withdraw(attempt: number): boolean {
    const { started, attempts } = this.sequences;
    if (started[attempt] === 1) return false;
    if (attempts.abandoned[attempt] === 0) this.wanted--;
    this.leaveLine(attempt);
    return true;
  }

  halt(): void {
    this.pastBusySeconds = this.busySeconds(this.simulation.now);
    this.batch.length = 0;
    this.halted = true;
  }

  abandon(attempt: number): void {
    if (this.sequences.state[attempt] !== sequenceState.waiting) return;
    this.wanted--;
    if (this.abortOnCancel) this.drop(attempt);
  }

  private drop(attempt: number): void {
    this.leaveLine(attempt);
    this.listener.dropped(attempt);
  }

  private leaveLine(attempt: number): void {
    // When this was the first, its alarm finds out when the next one is due.
    this.line.leave(attempt);
    this.outstanding--;
  }

  /** Starts a batch if the server is free and has a full one; otherwise sets the alarm for when the first in line will be due. */
  private startWhenFull(): void {
    if (this.batch.length > 0) return;
    if (this.wanted >= this.given.size) this.start();
    else this.setAlarm();
  }

  private setAlarm(): void {
    const { line, simulation } = this;
    if (this.alarmIsSet || line.head === none) return;
    this.alarmIsSet = true;
    if (this.firstIsDue()) simulation.at(simulation.now, this.alarm, 0, this.joined);
    else simulation.at(this.dueAt(), this.alarm);
  }

  /**
   * @param joined how many had joined when the alarm was set for the very moment in which it was set. It goes off again until nobody
   * has come in between, since what else is to happen at this moment may have been scheduled after it.
   */
  private startWhenDue(joined: number): void {
    const { line, sequences } = this;
    this.alarmIsSet = false;
    if (this.batch.length > 0) return;
    if (joined === this.joined) {
      while (line.head !== none && sequences.attempts.abandoned[line.head] === 1 && this.firstIsDue()) this.drop(line.head);
      if (line.head !== none && this.firstIsDue()) {
        this.start();
        return;
      }
    }
    this.setAlarm();
  }

  private firstIsDue(): boolean {
    return this.dueAt() <= this.simulation.now;
  }

  private dueAt(): number {
    return this.sequences.joinedAt[this.line.head] + this.given.wait;
  }

  private start(): void {
    const { batch, line, sequences, simulation, given, listener } = this;
    const { attempts } = sequences;
    let [input, longest] = [0, 0];
    while (line.head !== none && batch.length < given.size) {
      const attempt = line.head;
      if (attempts.abandoned[attempt] === 1) {
        this.drop(attempt);
        continue;
      }
      line.leave(attempt);
      this.wanted--;
      batch.push(attempt);
      input += attempts.inputTokens[attempt];
      longest = Math.max(longest, attempts.outputTokens[attempt]);
      sequences.state[attempt] = sequenceState.decoding;
      sequences.started[attempt] = 1;
      listener.started(attempt);
      listener.spends(attempt, causeCode.decode);
    }
    const [first] = batch;
    const service = this.service.sample(this.random.of(attempts.number[first], attempts.turn[first], attempts.salt[first]));
    this.startedAt = simulation.now;
    const time = service + given.perAttempt * batch.length + given.perInputToken * input + given.perOutputToken * longest;
    simulation.after(time * this.pace, this.done);
  }

  private finish(): void {
    const { batch, sequences, simulation, listener } = this;
    const seconds = simulation.now - this.startedAt;
    this.pastBusySeconds += seconds;
    for (const attempt of batch) if (sequences.attempts.abandoned[attempt] === 1) this.wastedSeconds += seconds / batch.length;
    this.outstanding -= batch.length;
    this.batch = this.spare;
    this.spare = batch;
    // A full batch is started before anyone hears of the end; a smaller one waits for who is sent here in reply.
    this.startWhenFull();
    for (const attempt of batch) {
      listener.firstToken(attempt);
      listener.finished(attempt);
    }
    batch.length = 0;
  }
}
