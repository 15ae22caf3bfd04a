import { Streams } from "../../src/kernel/random.ts";
import { Simulation } from "../../src/kernel/simulation.ts";
import { Pool } from "../../src/serving/pool.ts";
import { poolSettings } from "../../src/serving/pool-settings.ts";
import { Sequences } from "../../src/serving/replica/sequences.ts";
import { Attempts } from "../../src/traffic/attempts.ts";
import { type Cause, causes } from "../../src/traffic/cause.ts";
import type { Ending } from "../../src/traffic/target.ts";

/** One attempt's stay at a pool; moments in seconds, NaN for what never came. */
export interface Visit {
  readonly arrivedAt: number;
  firstTokenAt: number;
  endedAt: number;
  ending: Ending | "open";
  retryAfter: number;
}

interface Arrival {
  readonly at: number;
  readonly prompt?: number;
  readonly output?: number;
  readonly leavesAt?: number;
}

/** A pool with its settings as a scenario writes them, and attempts sent to it directly, without clients. */
export class PoolDriver {
  readonly simulation = new Simulation();
  readonly attempts = new Attempts();
  readonly visits: Visit[] = [];
  /** By visit: since when its time went to which cause. */
  readonly spells: [at: number, cause: Cause][][] = [];
  readonly pool: Pool;
  /** Called when an attempt has ended. */
  onEnd: ((visit: number) => void) | undefined;
  private readonly planned: Arrival[] = [];
  private readonly attemptOf = new Map<number, number>();
  private readonly arrival: number;
  private readonly departure: number;

  constructor(settings: unknown, seed = 1, horizon = 1e6) {
    const sequences = new Sequences(this.attempts);
    const streams = new Streams(seed, 0);
    const measurement = { warmup: 0, horizon, window: horizon };
    this.pool = new Pool(
      "pool",
      this.simulation,
      sequences,
      poolSettings.parse(settings),
      streams,
      measurement,
      {
        spends: (attempt, cause) => {
          const { now } = this.simulation;
          (this.spells[this.attempts.request[attempt]] ??= []).push([now, causes[cause]]);
        },
        firstToken: (attempt) => (this.visits[this.attempts.request[attempt]].firstTokenAt = this.simulation.now),
        ended: (attempt, ending, retryAfter) => {
          const visit = this.attempts.request[attempt];
          Object.assign(this.visits[visit], { endedAt: this.simulation.now, ending, retryAfter });
          this.attemptOf.delete(visit);
          this.attempts.close(attempt);
          this.onEnd?.(visit);
        },
      },
      () => 0,
    );
    this.arrival = this.simulation.handler((visit) => this.send(visit));
    this.departure = this.simulation.handler((visit) => this.leave(visit));
  }

  /** Plans an attempt, with a prompt and an answer of one token each unless given. */
  arrive(arrival: Arrival): void {
    const visit = this.planned.push(arrival) - 1;
    this.visits.push({ arrivedAt: arrival.at, firstTokenAt: NaN, endedAt: NaN, ending: "open", retryAfter: NaN });
    this.simulation.at(arrival.at, this.arrival, visit);
    if (arrival.leavesAt !== undefined) this.simulation.at(arrival.leavesAt, this.departure, visit);
  }

  run(until = 1e9): this {
    this.simulation.run(until);
    return this;
  }

  private send(visit: number): void {
    const { prompt = 1, output = 1 } = this.planned[visit];
    const attempt = this.attempts.open(visit, visit, 0, 0, prompt, output);
    this.attemptOf.set(visit, attempt);
    this.pool.send(attempt);
  }

  private leave(visit: number): void {
    const attempt = this.attemptOf.get(visit);
    if (attempt === undefined) return;
    this.attempts.abandoned[attempt] = 1;
    this.pool.abandon(attempt);
  }
}

/** Plans Poisson arrivals at a rate per second. */
export function poisson(driver: PoolDriver, rate: number, count: number, seed: number, arrival: Omit<Arrival, "at"> = {}): void {
  const gaps = new Streams(seed, 0).sequence("gaps");
  let at = 0;
  for (let i = 0; i < count; i++) {
    at -= Math.log(1 - gaps.uniform()) / rate;
    driver.arrive({ ...arrival, at });
  }
}
