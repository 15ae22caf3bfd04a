import { assert } from "../base/assert.ts";
import { EventQueue } from "../kernel/event-queue.ts";
import type { Simulation } from "../kernel/simulation.ts";
import { none } from "../traffic/requests.ts";
import { KvBlocks } from "./kv-blocks.ts";
import type { Replica, ReplicaListener } from "./replica.ts";
import { type Sequences, sequenceState } from "./sequences.ts";
import { StepTime, type StepTimeSettings } from "./step-time.ts";
import { WaitingLine } from "./waiting-line.ts";

export interface BatchSettings {
  readonly stepTime: StepTimeSettings;
  readonly maxSequences: number;
  readonly maxBatchedTokens: number;
  readonly kvBlocks: number;
  readonly blockSize: number;
  readonly chunkedPrefill: boolean;
}

/**
 * One model copy with continuous batching, iteration by iteration (design §3.2): running sequences first, in order of admission;
 * whoever lacks a KV block evicts the newest; then waiting attempts join. While nobody can join, leave or be evicted, many
 * iterations are one event, since their total time has a closed form; an arrival cuts such a leap short at the next boundary.
 */
export class ContinuousBatch implements Replica {
  outstanding = 0;
  preemptions = 0;
  wastedSeconds = 0;
  private readonly simulation: Simulation;
  private readonly sequences: Sequences;
  private readonly settings: BatchSettings;
  private readonly listener: ReplicaListener;
  private readonly abortOnCancel: boolean;
  private readonly stepTime: StepTime;
  private readonly blocks: KvBlocks;
  private readonly line: WaitingLine;
  private readonly boundary: number;

  /** Iterations completed. */
  private iteration = 0;
  /** Sequences in the batch, and how many of them decode; the others read their prompts. */
  private running = 0;
  private decoding = 0;
  private oldest = none;
  private newest = none;
  /** Sum over the decoding sequences of prompt and produced tokens. */
  private kvTokens = 0;
  /** Decoding sequences by the iteration after which they end, in order of admission. */
  private readonly finishing = new EventQueue(64);
  /** The sequences that read in this iteration, and how many tokens each. */
  private readonly readers: number[] = [];
  private readonly chunks: number[] = [];
  private readonly aborted: number[] = [];

  /** Whether iterations are under way, since when, how many, and how long they take in all. */
  private busy = false;
  private atBoundary = false;
  private startedAt = 0;
  private leap = 0;
  private duration = 0;
  private tokens = 0;
  private stamp = 0;
  private pastBusySeconds = 0;
  /** Seconds that one token in every batch so far would have cost: differences of it price a decoding sequence. */
  private secondsPerToken = 0;

  constructor(
    simulation: Simulation,
    sequences: Sequences,
    settings: BatchSettings,
    onCancel: "finish" | "abort",
    listener: ReplicaListener,
  ) {
    this.simulation = simulation;
    this.sequences = sequences;
    this.settings = settings;
    this.listener = listener;
    this.abortOnCancel = onCancel === "abort";
    this.stepTime = new StepTime(settings.stepTime);
    this.blocks = new KvBlocks(settings.kvBlocks, settings.blockSize);
    this.line = new WaitingLine(sequences.lines);
    this.boundary = simulation.handler((_, stamp) => {
      if (stamp === this.stamp) this.finishIterations();
    });
  }

  get waiting(): number {
    return this.line.length;
  }

  get idle(): boolean {
    return !this.busy;
  }

  busySeconds(now: number): number {
    return this.pastBusySeconds + (this.busy ? now - this.startedAt : 0);
  }

  take(attempt: number): void {
    const { sequences } = this;
    sequences.state[attempt] = sequenceState.waiting;
    sequences.prompt[attempt] = sequences.attempts.inputTokens[attempt]!;
    sequences.read[attempt] = 0;
    sequences.produced[attempt] = 0;
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
    const { simulation, stepTime, decoding, kvTokens } = this;
    const fewest = stepTime.iterationsUntil(simulation.now - this.startedAt, decoding, kvTokens);
    if (fewest >= this.leap) return;
    this.schedule(fewest, stepTime.decoding(fewest, decoding, kvTokens));
  }

  private schedule(iterations: number, duration: number): void {
    this.leap = iterations;
    this.duration = duration;
    this.simulation.at(Math.max(this.simulation.now, this.startedAt + duration), this.boundary, 0, ++this.stamp);
  }

  /** Forms the batch of the next iteration, and leaps over those after it in which nothing can change. */
  private startIterations(): void {
    this.dropAbandonedHeads();
    const evicted = this.running > 0 && this.serveRunning();
    if (!evicted) this.admitWaiting();
    this.busy = this.running > 0;
    if (!this.busy) {
      assert(this.line.length === 0, "an idle replica has nobody waiting");
      return;
    }
    this.startedAt = this.simulation.now;
    const { stepTime, decoding, kvTokens } = this;
    if (this.readers.length > 0) {
      const { pairs, tokens } = this.prefill();
      this.tokens = tokens + decoding;
      this.schedule(1, stepTime.iteration(this.tokens, this.running, kvTokens, pairs));
    } else {
      this.tokens = decoding;
      const leap = evicted ? 1 : this.iterationsUntilChange();
      this.schedule(leap, stepTime.decoding(leap, decoding, kvTokens));
    }
  }

  private dropAbandonedHeads(): void {
    const { abandoned } = this.sequences.attempts;
    for (let head = this.line.head; head !== none && abandoned[head] === 1; head = this.line.head) {
      this.line.leave(head);
      this.drop(head);
    }
  }

  /** Gives the running sequences their blocks and the reader its next chunk; true when someone was evicted on the way. */
  private serveRunning(): boolean {
    const { blocks, sequences, settings } = this;
    const needed = blocks.neededIn(this.iteration);
    let evicted = false;
    if (needed <= blocks.free) blocks.free -= needed;
    else evicted = this.evictForDecoding();

    // At most one sequence is in the middle of its prompt, the newest: it had taken all that was left of the budget.
    const reader = this.newest;
    if (reader !== none && sequences.state[reader] === sequenceState.reading) {
      const read = sequences.read[reader]!;
      const chunk = Math.min(sequences.prompt[reader]! - read, settings.maxBatchedTokens - this.decoding);
      const more = blocks.holding(read + chunk) - blocks.holding(read);
      if (more > blocks.free) {
        this.evict(reader);
        return true;
      }
      blocks.free -= more;
      this.readers.push(reader);
      this.chunks.push(chunk);
    }
    return evicted;
  }

  /** Too few blocks are free: serves the decoding sequences one by one, each that lacks a block evicting the newest. */
  private evictForDecoding(): boolean {
    const { blocks, sequences } = this;
    const phase = this.iteration % blocks.size;
    let evicted = false;
    for (let sequence = this.oldest; sequence !== none; sequence = sequences.newer[sequence]!) {
      if (sequences.state[sequence] !== sequenceState.decoding || sequences.phase[sequence] !== phase) continue;
      while (blocks.free === 0) {
        const victim = this.newest;
        this.evict(victim);
        evicted = true;
        if (victim === sequence) return true;
      }
      blocks.free--;
    }
    return evicted;
  }

  /** Gives all blocks back and returns to the head of the line; what was produced will be read again with the prompt. */
  private evict(sequence: number): void {
    const { sequences } = this;
    this.leaveBatch(sequence);
    sequences.prompt[sequence] = sequences.attempts.inputTokens[sequence]! + sequences.produced[sequence]!;
    sequences.read[sequence] = 0;
    sequences.state[sequence] = sequenceState.waiting;
    this.line.joinAtHead(sequence);
    this.preemptions++;
  }

  private admitWaiting(): void {
    const { blocks, sequences, settings, line } = this;
    let budget = settings.maxBatchedTokens - this.decoding - (this.readers.length > 0 ? this.chunks[0]! : 0);
    while (line.head !== none && this.running < settings.maxSequences && budget > 0) {
      const attempt = line.head;
      const prompt = sequences.prompt[attempt]!;
      if (!settings.chunkedPrefill && prompt > budget) return;
      const chunk = Math.min(prompt, budget);
      const needed = blocks.holding(chunk);
      if (needed > blocks.free) return;
      blocks.free -= needed;
      budget -= chunk;
      line.leave(attempt);
      this.joinBatch(attempt);
      this.readers.push(attempt);
      this.chunks.push(chunk);
      if (sequences.started[attempt] === 0) {
        sequences.started[attempt] = 1;
        this.listener.started(attempt);
      }
      this.dropAbandonedHeads();
    }
  }

  private joinBatch(sequence: number): void {
    const { sequences } = this;
    sequences.state[sequence] = sequenceState.reading;
    sequences.older[sequence] = this.newest;
    sequences.newer[sequence] = none;
    if (this.newest === none) this.oldest = sequence;
    else sequences.newer[this.newest] = sequence;
    this.newest = sequence;
    this.running++;
  }

  /** Takes a sequence out of the batch with its blocks and its account. */
  private leaveBatch(sequence: number): void {
    const { sequences, blocks } = this;
    if (sequences.state[sequence] === sequenceState.decoding) {
      const produced = this.iteration - sequences.offset[sequence]!;
      const held = sequences.attempts.inputTokens[sequence]! + produced;
      sequences.produced[sequence] = produced;
      blocks.free += blocks.holding(held - 1);
      blocks.stopDecoding(sequences.phase[sequence]!);
      this.kvTokens -= held;
      this.decoding--;
      sequences.cost[sequence]! += this.secondsPerToken;
    } else {
      blocks.free += blocks.holding(sequences.read[sequence]!);
    }
    sequences.version[sequence]!++;
    const older = sequences.older[sequence]!;
    const newer = sequences.newer[sequence]!;
    if (older === none) this.oldest = newer;
    else sequences.newer[older] = newer;
    if (newer === none) this.newest = older;
    else sequences.older[newer] = older;
    this.running--;
  }

  private prefill(): { pairs: number; tokens: number } {
    let pairs = 0;
    let tokens = 0;
    for (let i = 0; i < this.readers.length; i++) {
      const chunk = this.chunks[i]!;
      tokens += chunk;
      pairs += chunk * (this.sequences.read[this.readers[i]!]! + chunk / 2);
    }
    return { pairs, tokens };
  }

  /** Iterations until the first sequence ends or the free blocks run out, whichever is first. */
  private iterationsUntilChange(): number {
    const { finishing, sequences } = this;
    while (finishing.peekStamp() !== sequences.version[finishing.peekSubject()]) finishing.pop();
    const untilFinish = finishing.peekTime() - this.iteration;
    return 1 + this.blocks.iterationsCovered(this.iteration + 1, untilFinish - 1);
  }

  private finishIterations(): void {
    const { blocks } = this;
    this.atBoundary = true;
    blocks.free -= blocks.neededOver(this.iteration + 1, this.leap - 1);
    this.kvTokens += this.decoding * this.leap;
    this.iteration += this.leap;
    this.pastBusySeconds += this.duration;
    const perToken = this.duration / this.tokens;
    this.secondsPerToken += perToken;

    this.finishDecoded();
    this.finishRead(perToken);
    for (const sequence of this.aborted.splice(0)) this.abort(sequence);
    this.startIterations();
    this.atBoundary = false;
  }

  private finishDecoded(): void {
    const { finishing, sequences } = this;
    while (finishing.length > 0 && finishing.peekTime() <= this.iteration) {
      finishing.pop();
      if (finishing.stamp === sequences.version[finishing.subject]) this.finish(finishing.subject);
    }
  }

  private finishRead(perToken: number): void {
    const { sequences, readers, chunks } = this;
    for (let i = 0; i < readers.length; i++) {
      const sequence = readers[i]!;
      sequences.read[sequence]! += chunks[i]!;
      sequences.cost[sequence]! += chunks[i]! * perToken;
      if (sequences.read[sequence] === sequences.prompt[sequence]) this.startDecoding(sequence);
    }
    readers.length = 0;
    chunks.length = 0;
  }

  /** The prompt is read, which yields the next token: the first, unless the sequence was evicted before. */
  private startDecoding(sequence: number): void {
    const { sequences, blocks, iteration } = this;
    const { attempts } = sequences;
    const produced = ++sequences.produced[sequence]!;
    const held = attempts.inputTokens[sequence]! + produced;
    sequences.state[sequence] = sequenceState.decoding;
    sequences.offset[sequence] = iteration - produced;
    sequences.phase[sequence] = blocks.phase(iteration, held - 1);
    sequences.cost[sequence]! -= this.secondsPerToken;
    blocks.startDecoding(sequences.phase[sequence]!);
    this.kvTokens += held;
    this.decoding++;
    if (produced === 1) this.listener.firstToken(sequence);
    const remaining = attempts.outputTokens[sequence]! - produced;
    if (remaining === 0) this.finish(sequence);
    else this.finishing.push(iteration + remaining, 0, sequence, sequences.version[sequence]!);
  }

  private finish(sequence: number): void {
    this.leaveBatch(sequence);
    this.settle(sequence);
    this.listener.finished(sequence);
  }

  /** Removes a sequence at a boundary because its client has left, unless it ended there by itself. */
  private abort(sequence: number): void {
    const { sequences } = this;
    if (sequences.attempts.abandoned[sequence] === 0 || sequences.state[sequence] === sequenceState.waiting) return;
    this.leaveBatch(sequence);
    this.drop(sequence);
  }

  private drop(attempt: number): void {
    this.settle(attempt);
    this.listener.dropped(attempt);
  }

  private settle(attempt: number): void {
    const { sequences } = this;
    sequences.state[attempt] = sequenceState.waiting;
    this.outstanding--;
    if (sequences.attempts.abandoned[attempt] === 1) this.wastedSeconds += sequences.cost[attempt]!;
  }
}
