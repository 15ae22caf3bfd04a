import { Streams } from "../../../src/kernel/random.ts";
import { Simulation } from "../../../src/kernel/simulation.ts";
import { ColdStart } from "../../../src/serving/fleet/cold-start.ts";
import { Fleet } from "../../../src/serving/fleet/fleet.ts";
import type { LifecycleState } from "../../../src/serving/fleet/lifecycle.ts";
import type { Member } from "../../../src/serving/fleet/member.ts";
import { scaleBy, withinBounds } from "../../../src/serving/fleet/scaling-loop.ts";
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

/** A member's coming into a state. */
export interface Move {
  readonly member: number;
  readonly state: LifecycleState | "gone";
  readonly at: number;
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
  /** Every change of state of every member, in order. */
  readonly moves: Move[] = [];
  private readonly setLoad: number;

  constructor(settings: Record<string, unknown>, horizon = 1e6, seed = 1) {
    this.setLoad = this.simulation.handler((load) => (this.load = load));
    const engine = { station: { service: { constant: "1s" } } };
    const measurement = { warmup: 0, horizon, window: horizon };
    const decoded = poolSettings.parse({ engine, ...settings });
    const streams = new Streams(seed, 0);
    const coldStart = new ColdStart(decoded.coldStart, streams.keyed("pools.pool.coldStart"));
    const scaler = decoded.scaling && createScaler(decoded.scaling, { coldStart: coldStart.mean, horizon, future: () => 0 });
    const initial = withinBounds(scaler?.initial ?? 0, decoded.replicas);
    this.fleet = new Fleet("pool", this.simulation, decoded, coldStart, initial, streams, measurement, {
      createReplica: (pace) => idleReplica(pace),
      readyChanged: () => {},
      becameReady: () => this.readyAt.push(this.simulation.now),
      lost: (members) => this.lost.push(...members.map(({ number }): [number, number] => [number, this.simulation.now])),
    });
    this.watch();
    if (scaler !== undefined) scaleBy(scaler, this.fleet, this.view(), decoded.replicas, this.simulation);
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

  /** From a moment on, no replica crashes any more and none is interrupted. */
  calmFrom(time: number): this {
    return this.at(time, () => Object.assign(this.fleet, { crash() {}, interrupt() {} }));
  }

  /** Members that are in one of these states now. */
  in(...states: Member["state"][]): Member[] {
    return this.fleet.members.filter(({ state }) => states.includes(state));
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

  private watch(): void {
    const { fleet, moves, simulation } = this;
    const note = ({ number, state }: Member): number => moves.push({ member: number, state, at: simulation.now });
    fleet.members.forEach(note);
    const moved = fleet.accounts.moved.bind(fleet.accounts);
    fleet.accounts.moved = (member, from, starting) => {
      note(member);
      moved(member, from, starting);
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

export function idleReplica(pace = 1): IdleReplica {
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
