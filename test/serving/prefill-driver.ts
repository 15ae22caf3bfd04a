import { mapValues } from "../../src/base/records.ts";
import { Streams } from "../../src/kernel/random.ts";
import { Simulation } from "../../src/kernel/simulation.ts";
import { type WiredPools, wirePools } from "../../src/scenario/pools.ts";
import type { ContinuousBatch } from "../../src/serving/replica/continuous-batch.ts";
import type { Pool } from "../../src/serving/pool.ts";
import { type PoolSettings, poolSettings } from "../../src/serving/pool-settings.ts";
import { Sequences } from "../../src/serving/replica/sequences.ts";
import { type Cause, causes } from "../../src/traffic/cause.ts";
import { Attempts } from "../../src/traffic/attempts.ts";
import type { Visit } from "./pool-driver.ts";

export interface Sent {
  readonly at: number;
  readonly to?: string;
  readonly prompt: number;
  readonly output: number;
  readonly leavesAt?: number;
}

/** Pools wired as a scenario wires them, and attempts sent to them directly, without clients; to `writers` unless said. */
export class PrefillDriver {
  readonly simulation = new Simulation();
  readonly attempts = new Attempts();
  readonly visits: Visit[] = [];
  readonly settings: Readonly<Record<string, PoolSettings>>;
  readonly sequences = new Sequences(this.attempts);
  /** How often a visit was told of a first token. */
  readonly firstTokens: number[] = [];
  /** From when on the time of each visit goes to what. */
  readonly spells: [number, Cause][][] = [];
  private readonly wired: WiredPools;
  private readonly sent: Sent[] = [];
  private readonly attemptOf = new Map<number, number>();
  private readonly arrival = this.simulation.handler((visit) => this.send(visit));
  private readonly departure = this.simulation.handler((visit) => this.leave(visit));

  constructor(settings: Readonly<Record<string, unknown>>, horizon = 1e6) {
    this.settings = mapValues(settings, (pool) => poolSettings.parse(pool));
    const measurement = { warmup: 0, horizon, window: horizon };
    this.wired = wirePools(
      this.settings,
      this.simulation,
      this.sequences,
      new Streams(1, 0),
      measurement,
      {
        spends: (attempt, cause) => this.spells[this.attempts.request[attempt]].push([this.simulation.now, causes[cause]]),
        firstToken: (attempt) => {
          const visit = this.attempts.request[attempt];
          this.visits[visit].firstTokenAt = this.simulation.now;
          this.firstTokens[visit]++;
        },
        ended: (attempt, ending, retryAfter) => {
          const visit = this.attempts.request[attempt];
          Object.assign(this.visits[visit], { endedAt: this.simulation.now, ending, retryAfter });
          this.attemptOf.delete(visit);
          this.attempts.close(attempt);
        },
      },
      () => () => 0,
    );
  }

  arrive(...all: readonly Sent[]): this {
    for (const one of all) {
      const visit = this.sent.push(one) - 1;
      this.visits.push({ arrivedAt: one.at, firstTokenAt: NaN, endedAt: NaN, ending: "open", retryAfter: NaN });
      this.firstTokens.push(0);
      this.spells.push([]);
      this.simulation.at(one.at, this.arrival, visit);
      if (one.leavesAt !== undefined && one.leavesAt < Infinity) this.simulation.at(one.leavesAt, this.departure, visit);
    }
    return this;
  }

  run(until = 1e9): this {
    this.simulation.run(until);
    return this;
  }

  pool(name: string): Pool {
    return this.wired.pools[name];
  }

  /** The replicas of a pool, all of them with continuous batching. */
  replicas(name: string): ContinuousBatch[] {
    return this.pool(name).fleet.members.map(({ replica }) => replica as ContinuousBatch);
  }

  busySeconds(name: string): number {
    return this.replicas(name).reduce((sum, replica) => sum + replica.busySeconds(this.simulation.now), 0);
  }

  /** Time of a pool spent on those whose clients left, there or later. */
  wastedSeconds(name: string): number {
    return this.replicas(name).reduce((sum, replica) => sum + replica.wastedSeconds, this.pool(name).wastedAfterwards);
  }

  /** What is still held of attempts, queues and KV blocks once all is over; nothing should be. */
  left(): number[] {
    const held = [this.attempts.inFlight, ...this.sequences.received];
    for (const name of Object.keys(this.settings)) {
      held.push(this.pool(name).waiting, this.pool(name).stays.outstanding.value);
      for (const replica of this.replicas(name)) {
        const batch = replica["batch"];
        held.push(replica.outstanding, batch["limits"].kvBlocks - batch.blocks.free);
      }
    }
    return held.filter((amount) => amount !== 0);
  }

  private send(visit: number): void {
    const { to = "writers", prompt, output } = this.sent[visit];
    const attempt = this.attempts.open(visit, visit, 0, 0, prompt, output);
    this.attemptOf.set(visit, attempt);
    this.wired.targets[to].send(attempt);
  }

  private leave(visit: number): void {
    const attempt = this.attemptOf.get(visit);
    if (attempt === undefined) return;
    this.attempts.abandoned[attempt] = 1;
    this.wired.targets[this.sent[visit].to ?? "writers"].abandon(attempt);
  }
}
