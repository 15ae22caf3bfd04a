import type { Client } from "../../src/client/client.ts";
import { dispatch } from "../../src/client/dispatch.ts";
import type { Lookup } from "../../src/client/path.ts";
import { Simulation } from "../../src/kernel/simulation.ts";
import { Attempts } from "../../src/traffic/attempts.ts";
import { type Outcome, outcomes } from "../../src/traffic/outcome.ts";
import { Requests } from "../../src/traffic/requests.ts";
import type { AttemptListener, Ending, Target } from "../../src/traffic/target.ts";
import { clientOf } from "./client-of.ts";

/** What a scripted target does with one attempt; `after` counts from sending. */
export interface Reply {
  readonly ending: Ending;
  readonly after: number;
  readonly firstTokenAfter?: number;
  readonly retryAfter?: number;
}

/** How a request ended, as the client told it. */
export interface Ended {
  readonly request: number;
  readonly outcome: Outcome;
  readonly servedBy: number;
  readonly firstTokenAt: number;
  readonly endedAt: number;
  readonly attempts: number;
}

/** A target that does what a test says: an ending at once (`after` 0) comes before `send` returns, as a refusal does. */
export class ScriptedTarget implements Target {
  readonly name = "scripted";
  readonly sentAt: number[] = [];
  readonly abandonedAt: number[] = [];
  private readonly simulation: Simulation;
  private readonly listener: AttemptListener;
  private readonly replies: Reply[] = [];
  private readonly reply: (nth: number) => Reply;
  private readonly end: number;
  private readonly token: number;

  constructor(simulation: Simulation, listener: AttemptListener, reply: (nth: number) => Reply) {
    this.simulation = simulation;
    this.listener = listener;
    this.reply = reply;
    this.token = simulation.handler((attempt) => listener.firstToken(attempt));
    this.end = simulation.handler((attempt, nth) => this.endNow(attempt, this.replies[nth]));
  }

  send(attempt: number): void {
    const nth = this.sentAt.push(this.simulation.now) - 1;
    const reply = this.reply(nth);
    this.replies.push(reply);
    if (reply.after === 0) {
      this.endNow(attempt, reply);
      return;
    }
    if (reply.firstTokenAfter !== undefined) this.simulation.after(reply.firstTokenAfter, this.token, attempt);
    this.simulation.after(reply.after, this.end, attempt, nth);
  }

  abandon(): void {
    this.abandonedAt.push(this.simulation.now);
  }

  private endNow(attempt: number, { ending, retryAfter = 0 }: Reply): void {
    this.listener.ended(attempt, ending, retryAfter);
  }
}

/** One client with its settings as a scenario writes them; caches have the numbers from 0 on, targets those after them. */
export class ClientDriver {
  readonly simulation = new Simulation();
  readonly requests = new Requests();
  readonly attempts = new Attempts();
  readonly targets: ScriptedTarget[];
  readonly ended: Ended[] = [];
  /** The rung of each request that has ended, in the same order. */
  readonly rungs: number[] = [];
  readonly client: Client;
  private readonly arrival: number;

  /** @param settings as a scenario writes them; rungs with a chain of their own ask the targets at these positions */
  constructor(
    settings: unknown,
    replies: readonly ((nth: number) => Reply)[],
    caches: readonly Lookup[] = [],
    chainsOfRungs: readonly (readonly number[])[] = [],
  ) {
    const { simulation, requests, attempts } = this;
    const clients: Client[] = [];
    const listener = dispatch(simulation, requests, attempts, clients);
    this.targets = replies.map((reply) => new ScriptedTarget(simulation, listener, reply));
    this.client = clientOf({
      simulation,
      requests,
      attempts,
      clients,
      caches,
      targets: this.targets,
      chainsOfRungs,
      settings,
      end: (request, outcome, servedBy, firstTokenAt, endedAt) => {
        const { ordinal, attempts: sent } = requests;
        this.rungs.push(requests.rung[request]);
        this.ended.push({
          request: ordinal[request],
          outcome: outcomes[outcome],
          servedBy,
          firstTokenAt,
          endedAt,
          attempts: sent[request],
        });
      },
    });
    this.arrival = simulation.handler(() => this.client.arrive(requests.open(0, simulation.now, 10, 10)));
  }

  /** Lets requests arrive at these times and waits until all is over. */
  run(...arrivals: readonly number[]): Ended[] {
    for (const at of arrivals) this.simulation.at(at, this.arrival);
    this.simulation.run(1e6);
    return this.ended;
  }
}

/** The same reply to every attempt. */
export const always =
  (reply: Reply): (() => Reply) =>
  () =>
    reply;

export const answers = (firstTokenAfter: number, after: number): Reply => ({ ending: "finished", firstTokenAfter, after });
export const refuses = (ending: Ending, after = 0, retryAfter = 0): Reply => ({ ending, after, retryAfter });

/** A cache that keeps nothing, answering as a test says. */
export const lookup = (answer: Pick<Lookup, "latency" | "lookUp">): Lookup => ({
  ...answer,
  gaveUp: () => {},
  join: () => false,
  leave: () => {},
  settle: () => {},
});
