import type * as z from "zod";
import { count, duration, settings } from "../base/settings.ts";
import type { Attempts } from "../traffic/attempts.ts";
import { none } from "../traffic/requests.ts";

export const promptCacheSettings = settings({
  minPrefix: count({ min: 1, max: 1e8, whole: true }).prefault(1024).describe("shorter prefixes are neither kept nor found, in tokens"),
  step: count({ min: 1, max: 1e8, whole: true }).prefault(1).describe("prefixes are kept and found in multiples of so many tokens"),
  ttl: duration({ above: 0 }).prefault("5m").describe("how long a prefix is kept after it was last used"),
});

type PromptCacheSettings = z.infer<typeof promptCacheSettings>;

/** A segment of some prefix. */
interface Entry {
  /** How much of it is kept, from its start. */
  tokens: number;
  usedAt: number;
}

/**
 * What a provider keeps of the prompts it has read, for as long as it is used again and again. Only what a prompt has in front for
 * others to share is kept: its prefix, segment by segment. It is there from the moment the call is taken, a little before a real
 * cache has it, and a segment is renewed as a whole by whoever uses some of it.
 */
export class PromptCache {
  private readonly attempts: Attempts;
  private readonly minPrefix: number;
  private readonly stepTokens: number;
  private readonly ttl: number;
  /** By the key of the segment, in the order in which they were last used: a map keeps the order of insertion. */
  private readonly entries = new Map<number, Entry>();

  constructor(attempts: Attempts, { minPrefix, step, ttl }: PromptCacheSettings) {
    this.attempts = attempts;
    this.minPrefix = minPrefix;
    this.stepTokens = step;
    this.ttl = ttl;
  }

  /** Segments kept now. */
  get size(): number {
    return this.entries.size;
  }

  /** Tokens at the front of the prompt that are worth keeping. */
  cacheable(attempt: number): number {
    return this.attempts.prefix[attempt] === none ? 0 : this.counted(this.attempts.prefixTokens[attempt]);
  }

  /** Tokens at the front of the prompt that are in the cache. */
  hit(now: number, attempt: number): number {
    const most = this.cacheable(attempt);
    const { prefixes, prefix } = this.attempts;
    const chain = prefix[attempt];
    let found = 0;
    for (let i = 0; found < most; i++) {
      const kept = this.keptOf(now, prefixes.key(chain, i));
      const whole = prefixes.tokens(chain, i);
      found += Math.min(kept, whole);
      if (kept < whole) break;
    }
    return this.counted(Math.min(found, most));
  }

  /** The prompt's prefix has been used: it is in the cache from now on. What has not been for too long is forgotten. */
  keep(now: number, attempt: number): void {
    this.forget(now);
    const { prefixes, prefix } = this.attempts;
    const chain = prefix[attempt];
    let left = this.cacheable(attempt);
    for (let i = 0; left > 0; i++) {
      const tokens = Math.min(left, prefixes.tokens(chain, i));
      this.use(now, prefixes.key(chain, i), tokens);
      left -= tokens;
    }
  }

  private counted(tokens: number): number {
    const whole = tokens - (tokens % this.stepTokens);
    return whole < this.minPrefix ? 0 : whole;
  }

  private keptOf(now: number, key: number): number {
    const entry = this.entries.get(key);
    return entry === undefined || now >= entry.usedAt + this.ttl ? 0 : entry.tokens;
  }

  private use(now: number, key: number, tokens: number): void {
    const entry = this.entries.get(key) ?? { tokens, usedAt: now };
    entry.tokens = Math.max(entry.tokens, tokens);
    entry.usedAt = now;
    this.entries.delete(key);
    this.entries.set(key, entry);
  }

  private forget(now: number): void {
    for (const [key, { usedAt }] of this.entries) {
      if (now < usedAt + this.ttl) return;
      this.entries.delete(key);
    }
  }
}
