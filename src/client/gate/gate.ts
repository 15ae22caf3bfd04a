import type { Simulation } from "../../kernel/simulation.ts";
import { Timeouts } from "../../kernel/timeouts.ts";
import { none, type Requests } from "../../traffic/requests.ts";
import type { Concurrency } from "./concurrency/concurrency.ts";
import { createConcurrency } from "./concurrency/registry.ts";
import { GateLine } from "./gate-line.ts";
import type { GateSettings } from "./gate-settings.ts";
import { OwnLimiter } from "./own-limiter.ts";

/** Takes what becomes of those who wait. */
export interface GateListener {
  /** The request is let out: its attempt is under way from now on. */
  released(request: number): void;
  /** The request has waited as long as it may, and does so no more. */
  shed(request: number): void;
}

/** What becomes of who asks to be let out: at once, later (`GateListener` tells), or not at all. */
type Entry = "out" | "waits" | "refused";

/**
 * Holds attempts back before they are sent, for one class or for several that share it: a limiter of requests and tokens per minute, a
 * bound on the attempts under way, and a line before them, by priority and then in turn. The head waits for what it needs, and nobody
 * passes it.
 */
export class Gate {
  /** Requests refused because too many waited, and those that waited too long. */
  shed = 0;
  /** Attempts that were let out and have not ended. */
  underWay = 0;
  private readonly simulation: Simulation;
  private readonly requests: Requests;
  private readonly line: GateLine;
  private readonly listener: GateListener;
  private readonly limiter: OwnLimiter;
  private readonly concurrency: Concurrency | undefined;
  private readonly capacity: number;
  private readonly waits: Timeouts | undefined;
  private readonly wake: number;
  /** When the limiter is looked at again, Infinity while nobody waits for it; the stamp tells that event from those it replaces. */
  private wakeAt = Infinity;
  private wakeStamp = 0;
  private releasing = false;

  constructor(simulation: Simulation, requests: Requests, { limiter, concurrency, queue }: GateSettings, listener: GateListener) {
    this.simulation = simulation;
    this.requests = requests;
    this.line = new GateLine(simulation, requests);
    this.listener = listener;
    this.limiter = new OwnLimiter(limiter);
    this.concurrency = concurrency && createConcurrency(concurrency);
    this.capacity = queue?.capacity ?? Infinity;
    this.wake = simulation.handler((_, stamp) => {
      if (stamp !== this.wakeStamp) return;
      this.wakeAt = Infinity;
      this.release();
    });
    const stillWaits = (request: number, ticket: number): boolean => requests.ticket[request] === ticket;
    if (queue?.maxWait !== undefined)
      this.waits = new Timeouts(simulation, queue.maxWait, stillWaits, (request) => this.waitedTooLong(request));
  }

  /** Attempts that may be under way at once at the moment. */
  get limit(): number {
    return this.concurrency?.limit ?? Infinity;
  }

  /** Requests that wait now. */
  get waiting(): number {
    return this.line.waiting;
  }

  /** The most that ever waited at once. */
  get peakWaiting(): number {
    return this.line.peak;
  }

  /** How many had to wait so far. */
  get waited(): number {
    return this.line.joined;
  }

  /** Seconds that they have waited so far, those that still do counted. */
  get waitSeconds(): number {
    return this.line.seconds;
  }

  /**
   * Asks to let an attempt out.
   * @param tokens of its prompt, and of its answer as long as it is expected to be
   * @param priority a position in `priorities`
   */
  enter(request: number, tokens: number, priority: number): Entry {
    const mayWait = this.waiting < this.capacity;
    // Who is before everyone that waits does not wait for them.
    const first = this.waiting === 0 || (mayWait && this.line.isFirst(priority));
    if (first && this.fits(tokens)) {
      this.letOut(tokens);
      return "out";
    }
    if (!mayWait) {
      this.shed++;
      return "refused";
    }
    const ticket = this.line.join(request, tokens, priority);
    this.waits?.start(request, ticket);
    if (first) this.release();
    return "waits";
  }

  /** Lets an attempt out if that is possible at once and nobody waits. */
  tryEnter(tokens: number): boolean {
    if (this.waiting > 0 || !this.fits(tokens)) return false;
    this.letOut(tokens);
    return true;
  }

  /** The request gives up waiting, if it does wait. Others may be let out before this returns. */
  leave(request: number): void {
    if (this.requests.ticket[request] === none) return;
    this.line.leave(request);
    this.release();
  }

  /**
   * An attempt has ended for its client. Who waits is let out before this returns, unless it is called while somebody is being let
   * out: then right after that.
   * @param back tokens that it did not use; negative when it used more than was expected
   * @param seconds from its sending to its first token, or to its end where it was not answered
   * @param ok whether it was answered
   */
  ended(back: number, seconds: number, ok: boolean): void {
    const { now } = this.simulation;
    this.limiter.settle(now, back);
    this.concurrency?.ended?.(now, seconds, ok, this.underWay);
    this.underWay--;
    this.release();
  }

  /** Lets out whom it can. What is called back may come here again, and must not recurse: the loop that runs already goes on for it. */
  private release(): void {
    if (this.releasing) return;
    this.releasing = true;
    while (this.waiting > 0) {
      const { head, headTokens } = this.line.first;
      if (!this.fits(headTokens)) {
        this.scheduleWake(headTokens);
        break;
      }
      this.line.leave(head);
      this.letOut(headTokens);
      this.listener.released(head);
    }
    this.releasing = false;
  }

  /** Whether the limiter and the bound on concurrency let an attempt out now. */
  private fits(tokens: number): boolean {
    const { now } = this.simulation;
    return this.underWay < this.limit && this.limiter.opensAt(now, tokens) <= now;
  }

  private letOut(tokens: number): void {
    this.limiter.take(this.simulation.now, tokens);
    this.underWay++;
  }

  /** Sees to it that the limiter is looked at again in time. An event that comes too early does no harm: it is followed by another. */
  private scheduleWake(tokens: number): void {
    // Where it waits for an attempt to end, that is when it is looked at again.
    if (this.underWay >= this.limit) return;
    const at = this.limiter.opensAt(this.simulation.now, tokens);
    if (at >= this.wakeAt) return;
    this.wakeAt = at;
    this.wakeStamp = (this.wakeStamp + 1) & 0x7fffffff;
    this.simulation.at(at, this.wake, 0, this.wakeStamp);
  }

  private waitedTooLong(request: number): void {
    this.line.leave(request);
    this.shed++;
    this.release();
    this.listener.shed(request);
  }
}
