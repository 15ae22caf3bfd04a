import { Bucket } from "../../kernel/bucket.ts";
import type { GateSettings } from "./gate-settings.ts";

/** The caller's own bound on requests and tokens per minute: a bucket each, of which an attempt takes from both at once. */
export class OwnLimiter {
  private readonly requests: Bucket;
  private readonly tokens: Bucket;

  /** @param settings undefined: it bounds nothing */
  constructor(settings: GateSettings["limiter"]) {
    const { rpm, tpm, burst = 1 } = settings ?? {};
    this.requests = new Bucket(rpm, burst);
    this.tokens = new Bucket(tpm, burst);
  }

  /** The moment, `now` at the soonest, at which it lets an attempt through. What is more than a full bucket waits until it is full. */
  opensAt(now: number, tokens: number): number {
    return now + Math.max(this.requests.wait(now, 1), this.tokens.wait(now, Math.min(tokens, this.tokens.capacity)));
  }

  take(now: number, tokens: number): void {
    this.requests.take(now, 1);
    this.tokens.take(now, tokens);
  }

  /** @param tokens that an attempt did not use after all; negative when it used more than it took. Requests are never given back. */
  settle(now: number, tokens: number): void {
    this.tokens.giveBack(now, tokens);
  }
}
