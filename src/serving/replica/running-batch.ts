import { none } from "../../traffic/requests.ts";
import { Decoding } from "./decoding.ts";
import { KvBlocks } from "./kv-blocks.ts";
import { PrefixCache, type PrefixCacheSettings } from "./prefix-cache.ts";
import { type Sequences, sequenceState } from "./sequences.ts";
import { decodingPace, type Speculation } from "./speculation.ts";
import type { WaitingLine } from "../admission/waiting-line.ts";

export interface BatchLimits {
  readonly maxSequences: number;
  /** Tokens, read or decoded, in one iteration. */
  readonly maxBatchedTokens: number;
  readonly kvBlocks: number;
  readonly blockSize: number;
  readonly chunkedPrefill: boolean;
  readonly speculation?: Speculation | undefined;
  readonly prefixCache?: PrefixCacheSettings | undefined;
}

/**
 * The sequences that one replica runs, in order of admission, with their KV blocks and what they cost. No time passes in here: the
 * replica says when an iteration is formed and how many have passed.
 */
export class RunningBatch {
  preemptions = 0;
  /** Sequences in the batch, those that decode and those that read their prompts. */
  running = 0;
  readonly decoding: Decoding;
  /** How many sequences read in this iteration: the first of `readers`, as many tokens each as `chunks` says. */
  reading = 0;
  readonly readers: number[] = [];
  /** Prompt tokens read in this iteration, and the sum of c·(s + c/2) over its chunks of c tokens after s. */
  readTokens = 0;
  prefillPairs = 0;
  readonly blocks: KvBlocks;
  readonly prefixCache: PrefixCache | undefined;
  private readonly chunks: number[] = [];
  private readonly sequences: Sequences;
  private readonly limits: BatchLimits;
  private readonly line: WaitingLine;
  private readonly evicted: (sequence: number) => void;
  /** Tokens that a decoding sequence takes of the budget. */
  private readonly width: number;
  /** Sequences that fit in the batch; everyone must find a place in the budget once it decodes. */
  readonly mostSequences: number;
  private oldest = none;
  private newest = none;

  /** @param line where evicted sequences go, to its head; @param evicted is called for each */
  constructor(sequences: Sequences, limits: BatchLimits, line: WaitingLine, evicted: (sequence: number) => void) {
    const { blockSize, prefixCache } = limits;
    const pace = decodingPace(limits.speculation);
    this.sequences = sequences;
    this.limits = limits;
    this.line = line;
    this.evicted = evicted;
    this.width = pace.width;
    this.mostSequences = Math.min(limits.maxSequences, Math.floor(limits.maxBatchedTokens / pace.width));
    this.blocks = new KvBlocks(limits.kvBlocks, blockSize, pace);
    this.decoding = new Decoding(sequences, this.blocks, pace);
    this.prefixCache = prefixCache && new PrefixCache(sequences, blockSize, prefixCache);
  }

  /** Share of the KV blocks that sequences hold. */
  get kvUse(): number {
    return 1 - this.blocks.free / this.limits.kvBlocks;
  }

  /** Tokens of this iteration. */
  get tokens(): number {
    return this.readTokens + this.decoding.tokens;
  }

  /** Gives the running sequences their blocks and the reader its next chunk; true when someone was evicted on the way. */
  serve(): boolean {
    const { blocks, decoding, sequences, limits } = this;
    const needed = blocks.neededIn(decoding.iteration);
    let evicted = false;
    if (needed <= blocks.free) blocks.free -= needed;
    else evicted = this.evictForDecoding();

    // At most one sequence is in the middle of its prompt, the newest: it had taken all that was left of the budget.
    const reader = this.newest;
    if (reader !== none && sequences.state[reader] === sequenceState.reading) {
      const read = sequences.read[reader];
      const chunk = Math.min(sequences.prompt[reader] - read, limits.maxBatchedTokens - decoding.tokens);
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

  /** Takes a waiting sequence in, if there is room for it and for what it would read or decode in this iteration. */
  admit(sequence: number): boolean {
    const { blocks, sequences, limits, width, prefixCache } = this;
    const budget = limits.maxBatchedTokens - this.tokens;
    const prompt = sequences.prompt[sequence];
    const received = sequences.read[sequence] === prompt;
    if (this.running === this.mostSequences || budget < (received ? width : 1)) return false;
    // Whatever is hit, so many blocks are needed: no look at the prefix while they are not free.
    if (blocks.holding(limits.chunkedPrefill ? Math.min(prompt, budget) : prompt) > blocks.free) return false;
    const hit = prefixCache === undefined || received ? 0 : prefixCache.hitTokens(sequence, blocks.free);
    const unread = received ? 0 : prompt - hit;
    // What an evicted sequence must read again may be more than the budget; in one piece it is then read alone.
    if (unread > budget && !limits.chunkedPrefill && this.running > 0) return false;
    const chunk = limits.chunkedPrefill ? Math.min(unread, budget) : unread;
    const needed = received ? blocks.holding(prompt, 1) : blocks.holding(hit + chunk);
    if (needed > blocks.free) return false;
    if (received) sequences.heldTokens[sequence] = 0;
    else prefixCache?.hold(sequence, hit);
    blocks.free -= needed;

    sequences.older[sequence] = this.newest;
    sequences.newer[sequence] = none;
    if (this.newest === none) this.oldest = sequence;
    else sequences.newer[this.newest] = sequence;
    this.newest = sequence;
    this.running++;
    if (received) {
      this.decoding.start(sequence);
    } else {
      sequences.read[sequence] = hit;
      sequences.state[sequence] = sequenceState.reading;
      this.read(sequence, chunk);
    }
    return true;
  }

  /** Takes a sequence out with its blocks and its account. */
  leave(sequence: number): void {
    const { sequences, blocks } = this;
    this.prefixCache?.release(sequence, blocks.free);
    if (sequences.state[sequence] === sequenceState.decoding) this.decoding.stop(sequence);
    else blocks.free += blocks.holding(sequences.read[sequence]);
    const older = sequences.older[sequence];
    const newer = sequences.newer[sequence];
    if (older === none) this.oldest = newer;
    else sequences.newer[older] = newer;
    if (newer === none) this.newest = older;
    else sequences.older[newer] = older;
    this.running--;
  }

  /** So many iterations have passed and took `seconds` in all, which the sequences share by their tokens. */
  advance(iterations: number, seconds: number): void {
    const { sequences, readers, chunks } = this;
    const perToken = seconds / this.tokens;
    this.decoding.advance(iterations, perToken);
    for (let i = 0; i < this.reading; i++) {
      sequences.read[readers[i]] += chunks[i];
      sequences.cost[readers[i]] += chunks[i] * perToken;
    }
  }

  /** The prompt is read, which yields the next token: the first, unless the sequence was evicted before. */
  startDecoding(sequence: number): void {
    this.sequences.produced[sequence]++;
    this.prefixCache?.keep(sequence, this.blocks.free);
    this.decoding.start(sequence);
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
    const { blocks, sequences, decoding } = this;
    let evicted = false;
    for (let sequence = this.oldest; sequence !== none; sequence = sequences.newer[sequence]!) {
      if (sequences.state[sequence] !== sequenceState.decoding) continue;
      const needed = blocks.neededBy(sequences.residue[sequence], decoding.iteration);
      while (blocks.free < needed) {
        const victim = this.newest;
        this.evict(victim);
        evicted = true;
        if (victim === sequence) return true;
      }
      blocks.free -= needed;
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
    this.evicted(sequence);
  }
}
