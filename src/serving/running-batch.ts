import { EventQueue } from "../kernel/event-queue.ts";
import { none } from "../traffic/requests.ts";
import { KvBlocks } from "./kv-blocks.ts";
import { type Sequences, sequenceState } from "./sequences.ts";
import type { WaitingLine } from "./waiting-line.ts";

export interface BatchLimits {
  readonly maxSequences: number;
  /** Tokens, read or decoded, in one iteration. */
  readonly maxBatchedTokens: number;
  readonly kvBlocks: number;
  readonly blockSize: number;
  readonly chunkedPrefill: boolean;
}

/**
 * The sequences that one replica runs, in order of admission, with their KV blocks and what they cost. No time passes in here: the
 * replica says when an iteration is formed and how many have passed.
 */
export class RunningBatch {
  preemptions = 0;
  /** Sequences in the batch, and how many of them decode; the others read their prompts. */
  running = 0;
  decoding = 0;
  /** Sum over the decoding sequences of prompt and produced tokens. */
  kvTokens = 0;
  /** How many sequences read in this iteration: the first of `readers`, as many tokens each as `chunks` says. */
  reading = 0;
  readonly readers: number[] = [];
  /** Prompt tokens read in this iteration, and the sum of c·(s + c/2) over its chunks of c tokens after s. */
  readTokens = 0;
  prefillPairs = 0;
  readonly blocks: KvBlocks;
  private readonly chunks: number[] = [];
  private readonly sequences: Sequences;
  private readonly limits: BatchLimits;
  private readonly line: WaitingLine;
  /** Iterations completed. */
  private iteration = 0;
  private oldest = none;
  private newest = none;
  /** Decoding sequences by the iteration after which they end, at the same one in the order in which they began to decode. */
  private readonly finishing = new EventQueue(64);
  /** Seconds that one token in every iteration so far would have cost: differences of it price a decoding sequence. */
  private secondsPerToken = 0;

  /** @param line where evicted sequences go, to its head */
  constructor(sequences: Sequences, limits: BatchLimits, line: WaitingLine) {
    this.sequences = sequences;
    this.limits = limits;
    this.line = line;
    this.blocks = new KvBlocks(limits.kvBlocks, limits.blockSize);
  }

  /** Tokens of this iteration. */
  get tokens(): number {
    return this.readTokens + this.decoding;
  }

  /** Gives the running sequences their blocks and the reader its next chunk; true when someone was evicted on the way. */
  serve(): boolean {
    const { blocks, sequences, limits } = this;
    const needed = blocks.neededIn(this.iteration);
    let evicted = false;
    if (needed <= blocks.free) blocks.free -= needed;
    else evicted = this.evictForDecoding();

    // At most one sequence is in the middle of its prompt, the newest: it had taken all that was left of the budget.
    const reader = this.newest;
    if (reader !== none && sequences.state[reader] === sequenceState.reading) {
      const read = sequences.read[reader];
      const chunk = Math.min(sequences.prompt[reader] - read, limits.maxBatchedTokens - this.decoding);
      const more = blocks.holding(read + chunk) - blocks.holding(read);
      if (more > blocks.free) {
        this.evict(reader);
        return true;
      }
      blocks.free -= more;
      this.read(reader, chunk);
    }
    return evicted;
  }

  /** Takes a waiting sequence in, if there is room for it and for what it would read in this iteration. */
  admit(sequence: number): boolean {
    const { blocks, sequences, limits } = this;
    const budget = limits.maxBatchedTokens - this.tokens;
    const prompt = sequences.prompt[sequence];
    if (this.running === limits.maxSequences || budget <= 0) return false;
    // What an evicted sequence must read again may be more than the budget; in one piece it is then read alone.
    if (prompt > budget && !limits.chunkedPrefill && this.running > 0) return false;
    const chunk = limits.chunkedPrefill ? Math.min(prompt, budget) : prompt;
    const needed = blocks.holding(chunk);
    if (needed > blocks.free) return false;
    blocks.free -= needed;

    sequences.state[sequence] = sequenceState.reading;
    sequences.older[sequence] = this.newest;
    sequences.newer[sequence] = none;
    if (this.newest === none) this.oldest = sequence;
    else sequences.newer[this.newest] = sequence;
    this.newest = sequence;
    this.running++;
    this.read(sequence, chunk);
    return true;
  }

  /** Takes a sequence out with its blocks and its account. */
  leave(sequence: number): void {
    const { sequences, blocks } = this;
    if (sequences.state[sequence] === sequenceState.decoding) {
      const produced = this.iteration - sequences.offset[sequence];
      const held = sequences.attempts.inputTokens[sequence] + produced;
      sequences.produced[sequence] = produced;
      blocks.free += blocks.holding(held - 1);
      blocks.stopDecoding(sequences.phase[sequence]);
      this.kvTokens -= held;
      this.decoding--;
      sequences.cost[sequence] += this.secondsPerToken;
    } else {
      blocks.free += blocks.holding(sequences.read[sequence]);
    }
    sequences.version[sequence]++;
    const older = sequences.older[sequence];
    const newer = sequences.newer[sequence];
    if (older === none) this.oldest = newer;
    else sequences.newer[older] = newer;
    if (newer === none) this.newest = older;
    else sequences.older[newer] = older;
    this.running--;
  }

  /** Iterations from this one on until the first sequence ends or the free blocks run out; somebody decodes and nobody reads. */
  iterationsUntilChange(): number {
    const { finishing, sequences } = this;
    while (finishing.peekStamp() !== sequences.version[finishing.peekSubject()]) finishing.pop();
    const untilFinish = finishing.peekTime() - this.iteration;
    return 1 + this.blocks.iterationsCovered(this.iteration + 1, untilFinish - 1);
  }

  /** So many iterations have passed and took `seconds` in all, which the sequences share by their tokens. */
  advance(iterations: number, seconds: number): void {
    const { sequences, blocks, readers, chunks } = this;
    blocks.free -= blocks.neededOver(this.iteration + 1, iterations - 1);
    this.kvTokens += this.decoding * iterations;
    this.iteration += iterations;
    const perToken = seconds / this.tokens;
    this.secondsPerToken += perToken;
    for (let i = 0; i < this.reading; i++) {
      sequences.read[readers[i]] += chunks[i];
      sequences.cost[readers[i]] += chunks[i] * perToken;
    }
  }

  /** A decoding sequence that has just produced its last token and is still here; `none` when there is no more. */
  nextFinished(): number {
    const { finishing, sequences } = this;
    while (finishing.length > 0 && finishing.peekTime() <= this.iteration) {
      finishing.pop();
      if (finishing.stamp === sequences.version[finishing.subject]) return finishing.subject;
    }
    return none;
  }

  /** The prompt is read, which yields the next token: the first, unless the sequence was evicted before. */
  startDecoding(sequence: number): void {
    const { sequences, blocks, iteration } = this;
    const { attempts } = sequences;
    const produced = ++sequences.produced[sequence];
    const held = attempts.inputTokens[sequence] + produced;
    sequences.state[sequence] = sequenceState.decoding;
    sequences.offset[sequence] = iteration - produced;
    sequences.phase[sequence] = blocks.phase(iteration, held - 1);
    sequences.cost[sequence] -= this.secondsPerToken;
    blocks.startDecoding(sequences.phase[sequence]);
    this.kvTokens += held;
    this.decoding++;
    const remaining = attempts.outputTokens[sequence] - produced;
    if (remaining > 0) this.finishing.push(iteration + remaining, 0, sequence, sequences.version[sequence]);
  }

  /** The chunks of this iteration have been read. */
  endReading(): void {
    this.reading = 0;
    this.readTokens = 0;
    this.prefillPairs = 0;
  }

  private read(sequence: number, chunk: number): void {
    this.readers[this.reading] = sequence;
    this.chunks[this.reading++] = chunk;
    this.readTokens += chunk;
    this.prefillPairs += chunk * (this.sequences.read[sequence] + chunk / 2);
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
    this.leave(sequence);
    sequences.prompt[sequence] = sequences.attempts.inputTokens[sequence] + sequences.produced[sequence];
    sequences.read[sequence] = 0;
    sequences.state[sequence] = sequenceState.waiting;
    this.line.joinAtHead(sequence);
    this.preemptions++;
  }
}
