import { resized } from "../kernel/slots.ts";
import type { Attempts } from "../traffic/attempts.ts";

/** Where a call stands: not here; not taken, and held until an outage is over; taken; past its first token. */
export const phases = { none: 0, held: 1, taken: 2, answering: 3 };

/** The calls that one provider has not ended yet, in columns indexed by attempt. */
export class CallsUnderWay {
  count = 0;
  /** One of `phases`. */
  phase = new Uint8Array(0);
  /** When it was sent. */
  sentAt = new Float64Array(0);
  /** Seconds per token, and the moment of the first token. */
  tpot = new Float64Array(0);
  firstTokenAt = new Float64Array(0);
  /** Tokens of its prompt that were read from the prompt cache, and those that were written to it. */
  cached = new Int32Array(0);
  written = new Int32Array(0);
  private readonly attempts: Attempts;
  /** Its number in the order in which all were sent. */
  private nth = new Float64Array(0);
  private sent = 0;

  constructor(attempts: Attempts) {
    this.attempts = attempts;
    attempts.onResize((capacity) => this.resize(capacity));
  }

  enter(attempt: number, now: number): void {
    this.count++;
    this.sentAt[attempt] = now;
    this.phase[attempt] = phases.held;
    this.nth[attempt] = this.sent++;
  }

  leave(attempt: number): void {
    this.count--;
    this.phase[attempt] = phases.none;
  }

  /** All of them, in the order in which they were sent. O(attempts in flight) */
  inOrder(): number[] {
    const { phase, nth } = this;
    const calls: number[] = [];
    for (let attempt = 0; attempt < phase.length; attempt++) if (phase[attempt] !== phases.none) calls.push(attempt);
    return calls.sort((a, b) => nth[a] - nth[b]);
  }

  /** Tokens of the answer so far; the one that is on its way counts. */
  produced(attempt: number, now: number): number {
    if (this.phase[attempt] !== phases.answering) return 0;
    const output = this.attempts.outputTokens[attempt];
    const tpot = this.tpot[attempt];
    return tpot > 0 ? Math.min(output, 2 + Math.floor((now - this.firstTokenAt[attempt]) / tpot)) : output;
  }

  private resize(capacity: number): void {
    this.phase = resized(this.phase, capacity);
    this.sentAt = resized(this.sentAt, capacity);
    this.tpot = resized(this.tpot, capacity);
    this.firstTokenAt = resized(this.firstTokenAt, capacity);
    this.cached = resized(this.cached, capacity);
    this.written = resized(this.written, capacity);
    this.nth = resized(this.nth, capacity);
  }
}
