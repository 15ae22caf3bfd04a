import type { Simulation } from "../../kernel/simulation.ts";
import { causeCode } from "../../traffic/cause.ts";
import { priorities } from "../../traffic/priority.ts";
import { none, type Requests } from "../../traffic/requests.ts";
import { WaitingLine } from "./waiting-line.ts";

/** The line before a gate, by priority and then in order of coming, and what there is to know about it. */
export class GateLine {
  /** Requests that wait now, the most that ever did at once, and how many had to. */
  waiting = 0;
  peak = 0;
  joined = 0;
  private readonly simulation: Simulation;
  private readonly requests: Requests;
  private readonly byPriority: readonly WaitingLine[];
  /** Seconds waited in all, up to `measuredAt`. */
  private area = 0;
  private measuredAt = 0;

  constructor(simulation: Simulation, requests: Requests) {
    this.simulation = simulation;
    this.requests = requests;
    this.byPriority = priorities.map(() => new WaitingLine(requests));
  }

  /** Seconds waited so far, by those that still wait too. */
  get seconds(): number {
    return this.area + this.waiting * (this.simulation.now - this.measuredAt);
  }

  /** Those among whom the head is; somebody must be waiting. */
  get first(): WaitingLine {
    let first = 0;
    while (!this.byPriority[first].occupied) first++;
    return this.byPriority[first];
  }

  /** Whether nobody waits whom one of this priority would wait for. */
  isFirst(priority: number): boolean {
    for (let before = 0; before <= priority; before++) if (this.byPriority[before].occupied) return false;
    return true;
  }

  /** The request joins. @param priority a position in `priorities`; @returns the ticket that it has until it waits no more */
  join(request: number, tokens: number, priority: number): number {
    // Unlike those of a count of its own, no ticket is that of another line too, to which the request's number may come some day.
    const ticket = this.simulation.rank() % 0x80000000;
    this.requests.ticket[request] = ticket;
    this.requests.time.enter(request, causeCode.clientQueue, this.simulation.now);
    this.byPriority[priority].join(request, tokens);
    this.joined++;
    this.set(this.waiting + 1);
    return ticket;
  }

  /** The request waits no more, wherever it stands. */
  leave(request: number): void {
    this.requests.ticket[request] = none;
    this.set(this.waiting - 1);
  }

  private set(waiting: number): void {
    this.area = this.seconds;
    this.measuredAt = this.simulation.now;
    this.waiting = waiting;
    if (waiting > this.peak) this.peak = waiting;
  }
}
