import { Streams } from "../../../src/kernel/random.ts";
import { Simulation } from "../../../src/kernel/simulation.ts";
import { Fleet } from "../../../src/serving/fleet/fleet.ts";
import { poolSettings } from "../../../src/serving/pool-settings.ts";
import type { Replica } from "../../../src/serving/replica/replica.ts";

/** A replica that does nothing: how much it has to do is set from outside. */
export interface IdleReplica extends Replica {
  outstanding: number;
}

/** What a fleet looks like at one moment. */
export interface Snapshot {
  readonly ready: number;
  readonly starting: number;
  readonly draining: number;
  readonly refilling: number;
  readonly warm: number;
}

/** A fleet with its settings as a scenario writes them, under a load that is given from outside. */
export class FleetDriver {
  readonly simulation = new Simulation();
  readonly fleet: Fleet;
  /** Attempts queued and running all over the pool, as the scaler sees them. */
  load = 0;
  readonly readyAt: number[] = [];
  private readonly setLoad: number;

  constructor(settings: Record<string, unknown>, horizon = 1e6) {
    this.setLoad = this.simulation.handler((load) => (this.load = load));
    const engine = { station: { service: { constant: "1s" } } };
    const measurement = { warmup: 0, horizon, window: horizon };
    this.fleet = new Fleet("pool", this.simulation, poolSettings.parse({ engine, ...settings }), new Streams(1, 0), measurement, {
      createReplica: idleReplica,
      load: () => ({ outstanding: this.load, waiting: 0 }),
      becameReady: () => this.readyAt.push(this.simulation.now),
    });
  }

  /** Plans the load to be `load` from `at` on. */
  loadAt(at: number, load: number): this {
    this.simulation.at(at, this.setLoad, load);
    return this;
  }

  /** Plans something else to happen at a moment. */
  at(time: number, action: () => void): this {
    this.simulation.at(time, this.simulation.handler(action));
    return this;
  }

  /** Goes on to a moment and counts. */
  stateAt(time: number): Snapshot {
    this.simulation.run(time);
    const { ready, starting, draining, refilling, warm } = this.fleet.levels;
    return { ready: ready.value, starting: starting.value, draining: draining.value, refilling: refilling.value, warm: warm.value };
  }
}

function idleReplica(): IdleReplica {
  return {
    outstanding: 0,
    preemptions: 0,
    hasRoom: true,
    wastedSeconds: 0,
    take() {},
    abandon() {},
    withdraw: () => false,
    halt() {},
    kvUse: 0,
    busySeconds: () => 0,
  };
}
