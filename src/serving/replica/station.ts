import { createDistribution, distribution } from "../../kernel/distributions/registry.ts";
import type { Distribution } from "../../kernel/distributions/distribution.ts";
import type { KeyedRandom } from "../../kernel/random.ts";
import type { Simulation } from "../../kernel/simulation.ts";
import { count, duration, settings } from "../../base/settings.ts";
import { causeCode } from "../../traffic/cause.ts";
import { none } from "../../traffic/requests.ts";
import type { z } from "zod";
import type { Replica, ReplicaContext, ReplicaListener } from "./replica.ts";
import { type Sequences, sequenceState } from "./sequences.ts";
import { FifoLine } from "../admission/orders/fifo.ts";
import type { WaitingLine } from "../admission/waiting-line.ts";

export const stationSettings = settings({
  servers: count({ min: 1, max: 100_000, whole: true }).prefault(1).describe("attempts served at the same time"),
  service: distribution(duration()).describe("time to serve one attempt"),
});

export type StationSettings = z.infer<typeof stationSettings>;

/**
 * A plain pool of servers with one line: for embedders, rerankers and anything that is not an LLM. An attempt's service time
 * is drawn by its request and its turn, so that it does not depend on the order of events. The answer comes all at once.
 */
export class Station implements Replica {
  outstanding = 0;
  readonly preemptions = 0;
  readonly kvUse = 0;
  wastedSeconds = 0;
  private readonly simulation: Simulation;
  private readonly sequences: Sequences;
  private readonly listener: ReplicaListener;
  private readonly abortOnCancel: boolean;
  private readonly servers: number;
  private readonly service: Distribution;
  private readonly pace: number;
  private readonly random: KeyedRandom;
  private readonly line: WaitingLine;
  private readonly done: number;
  private serving = 0;
  private halted = false;
  private busy = 0;
  private since = 0;

  /** @param random of the service times */
  constructor(context: ReplicaContext, given: StationSettings, random: KeyedRandom) {
    const { simulation, sequences, onCancel, listener, line = new FifoLine(sequences.lines), pace = 1 } = context;
    this.simulation = simulation;
    this.sequences = sequences;
    this.listener = listener;
    this.abortOnCancel = onCancel === "abort";
    this.servers = given.servers;
    this.service = createDistribution(given.service);
    this.pace = pace;
    this.random = random;
    this.line = line;
    this.done = simulation.handler((attempt, version) => {
      if (sequences.version[attempt] === version && !this.halted) this.finish(attempt);
    });
  }

  get hasRoom(): boolean {
    return this.serving < this.servers;
  }

  /** Seconds of the whole station: an idle server among busy ones counts for its share. */
  busySeconds(now: number): number {
    this.account(now);
    return this.busy / this.servers;
  }

  take(attempt: number): void {
    this.outstanding++;
    this.sequences.state[attempt] = sequenceState.waiting;
    this.sequences.started[attempt] = 0;
    this.line.join(attempt);
    if (this.serving < this.servers) this.serveNext();
  }

  withdraw(attempt: number): boolean {
    if (this.sequences.started[attempt] === 1) return false;
    this.line.leave(attempt);
    this.outstanding--;
    return true;
  }

  halt(): void {
    this.account(this.simulation.now);
    this.serving = 0;
    this.halted = true;
  }

  abandon(attempt: number): void {
    if (!this.abortOnCancel) return;
    if (this.sequences.state[attempt] === sequenceState.waiting) this.line.leave(attempt);
    else this.free(attempt);
    this.outstanding--;
    this.serveNext();
    this.listener.dropped(attempt);
  }

  private serveNext(): void {
    const { sequences, simulation } = this;
    const { attempts } = sequences;
    while (this.serving < this.servers && this.line.head !== none) {
      const attempt = this.line.head;
      this.line.leave(attempt);
      if (attempts.abandoned[attempt] === 1) {
        this.outstanding--;
        this.listener.dropped(attempt);
        continue;
      }
      const time = this.service.sample(this.random.of(attempts.number[attempt], attempts.turn[attempt], attempts.salt[attempt]));
      this.account(simulation.now);
      this.serving++;
      sequences.state[attempt] = sequenceState.decoding;
      sequences.started[attempt] = 1;
      sequences.cost[attempt] = -simulation.now;
      simulation.after(time * this.pace, this.done, attempt, sequences.version[attempt]);
      this.listener.started(attempt);
      this.listener.spends(attempt, causeCode.decode);
    }
  }

  private finish(attempt: number): void {
    this.free(attempt);
    this.outstanding--;
    // The next in line is served before anyone hears of it, so that whoever is sent here in reply finds a settled station.
    this.serveNext();
    this.listener.firstToken(attempt);
    this.listener.finished(attempt);
  }

  private free(attempt: number): void {
    const { sequences, simulation } = this;
    this.account(simulation.now);
    this.serving--;
    sequences.version[attempt]++;
    const seconds = (simulation.now + sequences.cost[attempt]) / this.servers;
    if (sequences.attempts.abandoned[attempt] === 1) this.wastedSeconds += seconds;
  }

  private account(now: number): void {
    this.busy += this.serving * (now - this.since);
    this.since = now;
  }
}
