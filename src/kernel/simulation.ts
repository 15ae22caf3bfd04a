import { EventQueue } from "./event-queue.ts";

/** What happens when an event is due; `stamp` lets the receiver recognise an event that has been overtaken. */
export type Action = (subject: number, stamp: number) => void;

/**
 * The clock and its pending events. A handler is registered once; an event is a handler with two integers,
 * so that nothing is allocated while the simulation runs. Time is in seconds from the start.
 */
export class Simulation {
  now = 0;
  /** Events carried out so far. */
  events = 0;
  private readonly queue = new EventQueue(1024);
  private readonly actions: Action[] = [];

  /** Registers what an event of this kind does, and returns its number. */
  handler(action: Action): number {
    return this.actions.push(action) - 1;
  }

  /** Schedules an event at `time`, which must not lie in the past. */
  at(time: number, handler: number, subject = 0, stamp = 0): void {
    // No `assert` here: it would make up its message for every event.
    if (!(time >= this.now)) throw new Error(`assertion failed: an event at ${time} s lies before now, ${this.now} s`);
    this.queue.push(time, handler, subject, stamp);
  }

  after(delay: number, handler: number, subject = 0, stamp = 0): void {
    this.at(this.now + delay, handler, subject, stamp);
  }

  /** A place in the order of scheduling, taken now for an event that `atRank` schedules later. */
  rank(): number {
    return this.queue.rank();
  }

  atRank(time: number, rank: number, handler: number, subject: number, stamp: number): void {
    this.queue.push(time, handler, subject, stamp, rank);
  }

  /** Carries out events in order until the next one is due after `until`; the clock then stands at `until`. */
  run(until: number): void {
    while (this.queue.length > 0 && this.queue.peekTime() <= until) this.step();
    this.now = until;
  }

  /** The same, but what is due at `until` itself is left for later: spans of time hold their start and not their end. */
  runBefore(until: number): void {
    while (this.queue.length > 0 && this.queue.peekTime() < until) this.step();
    this.now = until;
  }

  private step(): void {
    const { queue } = this;
    queue.pop();
    this.now = queue.time;
    this.events++;
    this.actions[queue.handler](queue.subject, queue.stamp);
  }
}
