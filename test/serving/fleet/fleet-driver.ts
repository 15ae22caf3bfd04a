import { Streams } from "../../../src/kernel/random.ts";
import { Simulation } from "../../../src/kernel/simulation.ts";
import { Fleet } from "../../../src/serving/fleet/fleet.ts";
import { scaleBy } from "../../../src/serving/fleet/scaling-loop.ts";
import { createScaler } from "../../../src/serving/fleet/scaling/registry.ts";
import type { PoolView } from "../../../src/serving/fleet/scaling/scaler.ts";
import { poolSettings } from "../../../src/serving/pool-settings.ts";
import type { Replica } from "../../../src/serving/replica/replica.ts";

/** A replica that does nothing: how much it has to do is set from outside. */
export interface IdleReplica extends Replica {
  outstanding: number;
  readonly pace: number;
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
  /** Replicas that were lost while they may have been serving, and when. */
  readonly lost: [member: number, at: number][] = [];
  private readonly setLoad: number;

  constructor(settings: Record<string, unknown>, horizon = 1e6) {
    this.setLoad = this.simulation.handler((load) => (this.load = load));
    const engine = { station: { service: { constant: "1s" } } };
    const measurement = { warmup: 0, horizon, window: horizon };
    const decoded = poolSettings.parse({ engine, ...settings });
    this.fleet = new Fleet("pool", this.simulation, decoded, new Streams(1, 0), measurement, {
      createReplica: (pace) => idleReplica(pace),
      readyChanged: () => {},
      becameReady: () => this.readyAt.push(this.simulation.now),
      lost: ({ number }) => this.lost.push([number, this.simulation.now]),
    });
    if (decoded.scaling === undefined) return;
    const scaler = createScaler(decoded.scaling, { coldStart: this.fleet.coldStart.mean, horizon, future: () => 0 });
    scaleBy(scaler, this.fleet, this.view(), decoded.replicas, this.simulation);
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
    const { ready, draining, warm } = this.fleet.accounts.levels;
    const { starting, refilling } = this.fleet.roster;
    return {
      ready: ready.value,
      starting: starting.length,
      draining: draining.value,
      refilling: refilling.length,
      warm: warm.value,
    };
  }

  private view(): PoolView {
    const { fleet } = this;
    const load = (): number => this.load;
    return {
      get outstanding() {
        return load();
      },
      waiting: 0,
      get ready() {
        return fleet.ready.length;
      },
      get starting() {
        return fleet.roster.starting.length;
      },
      arrived: 0,
      busySeconds: 0,
      kvUse: 0,
    };
  }
}

function idleReplica(pace: number): IdleReplica {
  return {
    pace,
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
