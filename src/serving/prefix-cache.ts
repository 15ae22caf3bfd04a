import type * as z from "zod";
import { count, settings } from "../base/settings.ts";
import { none } from "../traffic/requests.ts";
import type { Sequences } from "./sequences.ts";

export const prefixCacheSettings = settings({
  blocks: count({ min: 1, whole: true }).optional().describe("most KV blocks kept for others after use; all that are free unless given"),
});

export type PrefixCacheSettings = z.infer<typeof prefixCacheSettings>;

/** A segment of some prefix whose KV is in memory. */
interface Segment {
  readonly key: number;
  /** How much of it, from its start. */
  tokens: number;
  /** Running sequences that use it. While there are any it lies in their blocks; then in free ones, until those are needed. */
  users: number;
}

/**
 * The KV of prompts that is still in a replica's memory. A prompt that begins with such a prefix need not read it again. What was
 * read stays while a sequence uses it, and after that in free blocks; as these are taken for other sequences, what has been out of
 * use for longest goes first, and of one prefix its end before its start. A replica that has just started has nothing.
 *
 * A hit shortens what is read, not what KV holds: sequences do not share blocks.
 */
export class PrefixCache {
  /** Tokens that need not be read, and tokens of the prompts that began to be read. */
  hitTokenCount = 0;
  promptTokenCount = 0;
  private readonly sequences: Sequences;
  private readonly blockSize: number;
  private readonly mostBlocks: number;
  private readonly segments = new Map<number, Segment>();
  /** Segments without users, in the order in which they lost the last one: a map keeps the order of insertion. */
  private readonly idle = new Map<number, Segment>();
  private idleTokens = 0;

  constructor(sequences: Sequences, blockSize: number, { blocks }: PrefixCacheSettings) {
    this.sequences = sequences;
    this.blockSize = blockSize;
    this.mostBlocks = blocks ?? Infinity;
  }

  /** Tokens at the front of the prompt that need not be read, in whole blocks; the last token of a prompt is always read. */
  hitTokens(sequence: number, freeBlocks: number): number {
    const { attempts, prompt } = this.sequences;
    const chain = attempts.prefix[sequence];
    if (chain === none) return 0;
    this.trim(freeBlocks);
    const { prefixes } = attempts;
    const most = Math.min(attempts.prefixTokens[sequence], prompt[sequence] - 1);
    let covered = 0;
    for (let i = 0; i < prefixes.segments(chain) && covered < most; i++) {
      const tokens = this.segments.get(prefixes.key(chain, i))?.tokens ?? 0;
      const whole = prefixes.tokens(chain, i);
      covered += Math.min(tokens, whole);
      if (tokens < whole) break;
    }
    return Math.floor(Math.min(covered, most) / this.blockSize) * this.blockSize;
  }

  /** A sequence is admitted and uses the first `hit` tokens of its prefix. */
  hold(sequence: number, hit: number): void {
    const { attempts, heldSegments, prompt } = this.sequences;
    heldSegments[sequence] = 0;
    const chain = attempts.prefix[sequence];
    this.promptTokenCount += prompt[sequence];
    this.hitTokenCount += hit;
    if (chain === none) return;
    for (let start = 0; start < hit; start += attempts.prefixes.tokens(chain, heldSegments[sequence] - 1)) {
      this.use(this.segments.get(attempts.prefixes.key(chain, heldSegments[sequence]))!);
      heldSegments[sequence]++;
    }
  }

  /** The prompt has been read: its prefix can be used by others from now on. */
  keep(sequence: number, freeBlocks: number): void {
    const { attempts, heldSegments } = this.sequences;
    const chain = attempts.prefix[sequence];
    if (chain === none) return;
    this.trim(freeBlocks);
    const { prefixes } = attempts;
    let left = attempts.prefixTokens[sequence];
    for (let i = 0; i < prefixes.segments(chain) && left > 0; i++) {
      const tokens = Math.min(left, prefixes.tokens(chain, i));
      const segment = this.segmentOf(prefixes.key(chain, i));
      if (i >= heldSegments[sequence]) {
        this.use(segment);
        heldSegments[sequence] = i + 1;
      }
      segment.tokens = Math.max(segment.tokens, tokens);
      left -= tokens;
    }
  }

  /** A sequence gives its blocks back; its prefix stays in them for the time being. */
  release(sequence: number, freeBlocks: number): void {
    const { attempts, heldSegments } = this.sequences;
    const held = heldSegments[sequence];
    // Before blocks become free again, whatever went for those that were taken is gone.
    this.trim(freeBlocks);
    if (held === 0) return;
    const chain = attempts.prefix[sequence];
    for (let i = held - 1; i >= 0; i--) {
      const segment = this.segments.get(attempts.prefixes.key(chain, i))!;
      if (--segment.users > 0) continue;
      this.idle.set(segment.key, segment);
      this.idleTokens += segment.tokens;
    }
    heldSegments[sequence] = 0;
    this.trim(Infinity);
  }

  private use(segment: Segment): void {
    if (segment.users++ === 0 && this.idle.delete(segment.key)) this.idleTokens -= segment.tokens;
  }

  private segmentOf(key: number): Segment {
    let segment = this.segments.get(key);
    if (segment === undefined) {
      segment = { key, tokens: 0, users: 0 };
      this.segments.set(key, segment);
    }
    return segment;
  }

  /** Blocks have been taken: what no longer fits into those that are free is lost. */
  private trim(freeBlocks: number): void {
    const most = Math.min(freeBlocks, this.mostBlocks) * this.blockSize;
    for (const segment of this.idle.values()) {
      const over = this.idleTokens - most;
      if (over <= 0) return;
      const lost = Math.min(over, segment.tokens);
      segment.tokens -= lost;
      this.idleTokens -= lost;
      if (segment.tokens > 0) return;
      this.idle.delete(segment.key);
      this.segments.delete(segment.key);
    }
  }
}
