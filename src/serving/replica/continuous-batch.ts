import { assert } from "../../base/assert.ts";
import type { Simulation } from "../../kernel/simulation.ts";
import { causeCode } from "../../traffic/cause.ts";
import { none } from "../../traffic/requests.ts";
import type { PrefixCache } from "./prefix-cache.ts";
import type { Replica, ReplicaContext, ReplicaListener } from "./replica.ts";
import { type BatchLimits, RunningBatch } from "./running-batch.ts";
import { type Sequences, sequenceState } from "./sequences.ts";
import { lengthened, StepTime, type StepTimeSettings } from "./step-time.ts";
import { FifoLine } from "../admission/orders/fifo.ts";
import type { WaitingLine } from "../admission/waiting-line.ts";

export interface BatchSettings extends BatchLimits {
  readonly stepTime: StepTimeSettings;
}

/**
 * One model copy with continuous batching, iteration by iteration (design §3.2): running sequences first, in order of admission;
 * whoever lacks a KV block evicts the newest; then waiting attempts join. While nobody can join, leave or be evicted, many
 * iterations are one event, since their total time has a closed form; an arrival cuts such a leap short at the next boundary.
 */
export class ContinuousBatch implements Replica {
  outstanding = 0;
  wastedSeconds = 0;
  private readonly simulation: Simulation;
  private readonly sequences: Sequences;
  private readonly listener: ReplicaListener;
  private readonly abortOnCancel: boolean;
  private readonly stepTime: StepTime;
  private readonly line: WaitingLine;
  private readonly batch: RunningBatch;
  private readonly draftTime: number;
  private readonly boundary: number;
  /** Running attempts whose clients have left and that are to be removed at the next boundary. */
  private readonly aborted: number[] = [];

  /** Whether iterations are under way, since when, how many, and how long they take in all. */
  private busy = false;
  private startedAt = 0;
  private leap = 0;
  private duration = 0;
  /** Of a leap: the time of its first iteration, and the tokens that KV gains with each. */
  private first = 0;
  private growth = 0;
  /** Goes up with each boundary that is scheduled, so that those before it are recognised as void. */
  private stamp = 0;
  /** Whether a boundary is being carried out, at whose end the next iteration is formed anyway. */
  private atBoundary = false;
  private pastBusySeconds = 0;

  constructor(context: ReplicaContext, settings: BatchSettings) {
    const { simulation, sequences, onCancel, listener, line = new FifoLine(sequences.lines), pace = 1 } = context;
    this.simulation = simulation;
    this.sequences = sequences;
    this.listener = listener;
    this.abortOnCancel = onCancel === "abort";
    this.stepTime = new StepTime(pace === 1 ? settings.stepTime : lengthened(settings.stepTime, pace));
    this.draftTime = (settings.speculation?.draftTime ?? 0) * pace;
    this.line = line;
    this.batch = new RunningBatch(sequences, settings, this.line, (sequence) => listener.spends(sequence, causeCode.preemption));
    this.boundary = simulation.handler((_, stamp) => {
      if (stamp === this.stamp) this.finishIterations();
    });
  }

  get hasRoom(): boolean {
    return this.line.length === 0 && this.outstanding < this.batch.mostSequences;
  }

  get prefixCache(): PrefixCache | undefined {
    return this.batch.prefixCache;
  }

  get kvUse(): number {
    return this.batch.kvUse;
  }

  get preemptions(): number {
    return this.batch.preemptions;
  }

  busySeconds(now: number): number {
    return this.pastBusySeconds + (this.busy ? now - this.startedAt : 0);
  }

  take(attempt: number): void {
    const { sequences } = this;
    sequences.state[attempt] = sequenceState.waiting;
    sequences.prompt[attempt] = sequences.attempts.inputTokens[attempt]!;
    // KV that was received holds the prompt, whose first token has been produced.
    const received = sequences.received[attempt];
    sequences.read[attempt] = received * sequences.prompt[attempt];
    sequences.produced[attempt] = received;
    sequences.started[attempt] = 0;
    sequences.cost[attempt] = 0;
    this.outstanding++;
    this.line.join(attempt);
    if (!this.busy) this.startIterations();
    else if (this.line.head === attempt) this.cutLeap();
  }

  withdraw(attempt: number): boolean {
    if (this.sequences.started[attempt] === 1) return false;
    this.leaveLine(attempt);
    this.outstanding--;
    return true;
  }

  halt(): void {
    this.pastBusySeconds = this.busySeconds(this.simulation.now);
    this.busy = false;
    this.stamp++;
  }

  abandon(attempt: number): void {
    if (this.sequences.state[attempt] === sequenceState.waiting) {
      if (this.abortOnCancel) {
        this.leaveLine(attempt);
        this.drop(attempt);
      } else if (this.line.head === attempt) this.cutLeap();
    } else if (this.abortOnCancel) {
      this.aborted.push(attempt);
      this.cutLeap();
    }
  }

  private leaveLine(attempt: number): void {
    const wasHead = this.line.head === attempt;
    this.line.leave(attempt);
    if (wasHead) this.cutLeap();
  }

  /** Ends the leap under way at the first boundary from now on, since something may change there. */
  private cutLeap(): void {
    if (this.atBoundary || this.leap <= 1) return;
    const { simulation, stepTime, first, growth } = this;
    const fewest = stepTime.iterationsUntil(simulation.now - this.startedAt, first, growth);
    if (fewest < this.leap) this.schedule(fewest, stepTime.sum(fewest, first, growth));
  }

  private schedule(iterations: number, duration: number): void {
    this.leap = iterations;
    this.duration = duration;
    this.simulation.at(Math.max(this.simulation.now, this.startedAt + duration), this.boundary, 0, ++this.stamp);
  }

  /** Forms the batch of the next iteration, and leaps over those after it in which nothing can change. */
  private startIterations(): void {
    const { batch, stepTime } = this;
    this.dropAbandonedHeads();
    const evicted = batch.running > 0 && batch.serve();
    if (!evicted) this.admitWaiting();
    this.busy = batch.running > 0;
    if (!this.busy) {
      assert(this.line.length === 0, "an idle replica has nobody waiting");
      return;
    }
    this.startedAt = this.simulation.now;
    const { decoding } = batch;
    const draft = decoding.count > 0 ? this.draftTime : 0;
    this.first = draft + stepTime.iteration(batch.tokens, batch.running, decoding.kvTokens, batch.prefillPairs);
    if (batch.reading > 0 || evicted) {
      this.schedule(1, this.first);
    } else {
      this.growth = decoding.kvGrowth;
      const leap = decoding.iterationsUntilChange();
      this.schedule(leap, stepTime.sum(leap, this.first, this.growth));
    }
  }

  private dropAbandonedHeads(): void {
    const { abandoned } = this.sequences.attempts;
    for (let head = this.line.head; head !== none && abandoned[head] === 1; head = this.line.head) {
      this.line.leave(head);
      this.drop(head);
    }
  }

  private admitWaiting(): void {
    const { line, batch, sequences } = this;
    for (let head = line.head; head !== none && batch.admit(head); head = line.head) {
      line.leave(head);
      if (sequences.started[head] === 0) {
        sequences.started[head] = 1;
        this.listener.started(head);
        this.listener.spends(head, sequences.state[head] === sequenceState.reading ? causeCode.prefill : causeCode.decode);
      }
      this.dropAbandonedHeads();
    }
  }

  private finishIterations(): void {
    const { batch } = this;
    this.atBoundary = true;
    this.pastBusySeconds += this.duration;
    batch.advance(this.leap, this.duration);
    const { decoding } = batch;
    for (let sequence = decoding.nextFinished(); sequence !== none; sequence = decoding.nextFinished()) this.finish(sequence);
    this.finishReading();
    this.removeAborted();
    this.startIterations();
    this.atBoundary = false;
  }

  private finishReading(): void {
    const { batch, sequences } = this;
    for (let i = 0; i < batch.reading; i++) {
      const sequence = batch.readers[i];
      if (sequences.read[sequence] < sequences.prompt[sequence]) continue;
      batch.startDecoding(sequence);
      this.listener.spends(sequence, causeCode.decode);
      if (sequences.produced[sequence] === 1) this.listener.firstToken(sequence);
      if (sequences.produced[sequence] >= sequences.attempts.outputTokens[sequence]) this.finish(sequence);
    }
    batch.endReading();
  }

  private finish(sequence: number): void {
    this.batch.leave(sequence);
    this.settle(sequence);
    this.listener.finished(sequence);
  }

  /** Removes those whose clients have left, unless they ended at this boundary by themselves. */
  private removeAborted(): void {
    const { sequences, aborted } = this;
    if (aborted.length === 0) return;
    for (const sequence of aborted) {
      if (sequences.attempts.abandoned[sequence] === 0 || sequences.state[sequence] === sequenceState.waiting) continue;
      this.batch.leave(sequence);
      this.drop(sequence);
    }
    aborted.length = 0;
  }

  private drop(attempt: number): void {
    this.settle(attempt);
    this.listener.dropped(attempt);
  }

  private settle(attempt: number): void {
    const { sequences } = this;
    sequences.state[attempt] = sequenceState.waiting;
    this.outstanding--;
    if (sequences.attempts.abandoned[attempt] === 1) this.wastedSeconds += sequences.cost[attempt];
  }
}
