import type * as z from "zod";
import { count, settings } from "../../base/settings.ts";
import { none } from "../../traffic/requests.ts";
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
  /** How much of it each running sequence uses that uses any, and the most of these: so much lies in their blocks, the rest in free ones. */
  readonly uses: number[];
  used: number;
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
  /** Segments of which some is out of use, in the order in which it last became more: a map keeps the order of insertion. */
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
    const { attempts, heldTokens, prompt } = this.sequences;
    this.promptTokenCount += prompt[sequence];
    this.hitTokenCount += hit;
    heldTokens[sequence] = hit;
    const chain = attempts.prefix[sequence];
    for (let i = 0, left = hit; left > 0; i++) {
      const tokens = Math.min(left, attempts.prefixes.tokens(chain, i));
      this.use(this.segments.get(attempts.prefixes.key(chain, i))!, tokens);
      left -= tokens;
    }
  }

  /** The prompt has been read: its prefix can be used by others from now on. */
  keep(sequence: number, freeBlocks: number): void {
    const { attempts, heldTokens } = this.sequences;
    const chain = attempts.prefix[sequence];
    if (chain === none) return;
    this.trim(freeBlocks);
    const { prefixes } = attempts;
    let held = heldTokens[sequence];
    let left = attempts.prefixTokens[sequence];
    heldTokens[sequence] = 0;
    for (let i = 0; i < prefixes.segments(chain) && left > 0; i++) {
      const whole = prefixes.tokens(chain, i);
      const tokens = Math.min(left, whole);
      const segment = this.segmentOf(prefixes.key(chain, i));
      this.use(segment, tokens);
      if (held > 0) this.leave(segment, Math.min(held, whole));
      held -= whole;
      left -= tokens;
      heldTokens[sequence] += tokens;
    }
  }

  /** A sequence gives its blocks back; its prefix stays in them for the time being. */
  release(sequence: number, freeBlocks: number): void {
    const { attempts, heldTokens } = this.sequences;
    // Before blocks become free again, whatever went for those that were taken is gone.
    this.trim(freeBlocks);
    if (heldTokens[sequence] === 0) return;
    const { prefixes } = attempts;
    const chain = attempts.prefix[sequence];
    let last = 0;
    let start = 0;
    while (start + prefixes.tokens(chain, last) < heldTokens[sequence]) start += prefixes.tokens(chain, last++);
    // From the last to the first, so that the end of a prefix has been out of use for longer than its start.
    for (let i = last; i >= 0; i--) {
      this.leave(this.segments.get(prefixes.key(chain, i))!, Math.min(heldTokens[sequence] - start, prefixes.tokens(chain, i)));
      if (i > 0) start -= prefixes.tokens(chain, i - 1);
    }
    heldTokens[sequence] = 0;
    this.trim(Infinity);
  }

  private use(segment: Segment, tokens: number): void {
    segment.uses.push(tokens);
    const known = segment.tokens;
    segment.tokens = Math.max(known, tokens);
    if (tokens <= segment.used) return;
    this.idleTokens -= Math.min(known, tokens) - segment.used;
    segment.used = tokens;
    if (segment.used === segment.tokens) this.idle.delete(segment.key);
  }

  private leave(segment: Segment, tokens: number): void {
    const { uses, key } = segment;
    uses[uses.indexOf(tokens)] = uses[uses.length - 1];
    uses.pop();
    if (tokens < segment.used || uses.includes(tokens)) return;
    const used = uses.reduce((most, use) => Math.max(most, use), 0);
    this.idleTokens += segment.used - used;
    segment.used = used;
    this.idle.delete(key);
    this.idle.set(key, segment);
  }

  private segmentOf(key: number): Segment {
    let segment = this.segments.get(key);
    if (segment === undefined) {
      segment = { key, tokens: 0, uses: [], used: 0 };
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
      const lost = Math.min(over, segment.tokens - segment.used);
      segment.tokens -= lost;
      this.idleTokens -= lost;
      if (segment.tokens > segment.used) return;
      this.idle.delete(segment.key);
      if (segment.tokens === 0) this.segments.delete(segment.key);
    }
  }
}
