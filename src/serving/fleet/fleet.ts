import { Level, type Measurement } from "../../kernel/level.ts";
import type { Streams } from "../../kernel/random.ts";
import type { Simulation } from "../../kernel/simulation.ts";
import { ColdStart } from "./cold-start.ts";
import type { PoolSettings } from "../pool-settings.ts";
import type { Replica } from "../replica/replica.ts";
import { createScaler } from "./scaling/registry.ts";
import type { Scaler } from "./scaling/scaler.ts";

type State = "starting" | "ready" | "draining" | "refilling" | "warm" | "gone";

/** One replica with its place in the life cycle. */
export interface Member {
  readonly number: number;
  readonly replica: Replica;
  state: State;
  /** Goes up with each change of state, so that events planned before it are recognised as void. */
  epoch: number;
}

/** What a fleet needs of its pool. */
export interface FleetHooks {
  createReplica(): Replica;
  load(): { outstanding: number; waiting: number };
  becameReady(): void;
}

/**
 * The replicas of a pool from start to end: cold starts, the warm pool that is taken from first and refilled behind, scaling,
 * draining. What the replicas cost is read off its levels.
 */
export class Fleet {
  readonly members: Member[] = [];
  readonly ready: Member[] = [];
  readonly levels: Readonly<Record<"ready" | "draining" | "starting" | "refilling" | "warm" | "onDemand", Level>>;
  scaleUps = 0;
  /** Replicas that serve or soon will: ready, draining and starting, so at most the pool's maximum and those that drain. */
  private readonly active: Level;
  private readonly simulation: Simulation;
  private readonly settings: PoolSettings;
  private readonly coldStart: ColdStart;
  private readonly hooks: FleetHooks;
  private readonly started: number;
  private readonly starting: Member[] = [];
  private readonly warm: Member[] = [];

  constructor(name: string, simulation: Simulation, settings: PoolSettings, streams: Streams, measurement: Measurement, hooks: FleetHooks) {
    this.simulation = simulation;
    this.settings = settings;
    this.hooks = hooks;
    this.coldStart = new ColdStart(settings.coldStart, streams.keyed(`pools.${name}.coldStart`));
    const level = (): Level => new Level(measurement);
    this.levels = { ready: level(), draining: level(), starting: level(), refilling: level(), warm: level(), onDemand: level() };
    this.active = level();
    this.started = simulation.handler((number, epoch) => {
      const member = this.members[number];
      if (member.epoch === epoch) this.finishStart(member);
    });
    for (let i = 0; i < settings.replicas.min; i++) this.becomeReady(this.join("starting"));
    for (let i = 0; i < (settings.warm?.size ?? 0); i++) this.warm.push(this.join("warm"));
    if (settings.scaling !== undefined)
      this.scaleWith(createScaler(settings.scaling, { coldStart: 0, horizon: measurement.horizon, future: () => 0 }));
  }

  peakReplicas(now: number): number {
    return this.active.largest(now);
  }

  /** Called when an attempt has left a member: one that drains and is empty is done. */
  emptied(number: number): void {
    const member = this.members[number];
    if (member.state === "draining" && member.replica.outstanding === 0) this.enter(member, "gone");
  }

  private scaleWith(scaler: Scaler): void {
    const { simulation, settings, hooks } = this;
    const { every, lag } = scaler;
    const view = () => ({
      ...hooks.load(),
      ready: this.ready.length,
      starting: this.starting.length,
      arrived: 0,
      busySeconds: 0,
      kvUse: 0,
    });
    const observe = simulation.handler(() => {
      scaler.observe(view(), simulation.now);
      simulation.after(every, observe);
    });
    const decide = simulation.handler(() => {
      const desired = scaler.desired(view(), simulation.now);
      this.scaleTo(Math.min(settings.replicas.max, Math.max(settings.replicas.min, desired)));
      simulation.after(every, decide);
    });
    // Decisions fall on multiples of the period, from the first on for which something can have been observed.
    const firstDecision = every * Math.max(1, Math.ceil(lag / every));
    simulation.after(Math.max(0, firstDecision - lag), observe);
    simulation.after(firstDecision, decide);
  }

  private scaleTo(desired: number): void {
    while (this.ready.length + this.starting.length < desired) this.start();
    while (this.ready.length + this.starting.length > desired) this.stop();
  }

  /** Takes a warm replica if there is one, and starts another behind it; otherwise starts one from nothing. */
  private start(): void {
    this.scaleUps++;
    const warm = this.warm.shift();
    if (warm === undefined) {
      this.startAfter(this.join("starting"), this.coldStart.fromNothing());
      return;
    }
    this.enter(warm, "starting");
    this.startAfter(warm, this.coldStart.fromWarm(this.settings.warm!.state));
    const refill = this.join("refilling");
    this.simulation.after(this.coldStart.fromNothing(), this.started, refill.number, refill.epoch);
  }

  private startAfter(member: Member, seconds: number): void {
    this.starting.push(member);
    this.simulation.after(seconds, this.started, member.number, member.epoch);
  }

  private finishStart(member: Member): void {
    if (member.state === "refilling") {
      this.enter(member, "warm");
      this.warm.push(member);
      return;
    }
    this.starting.splice(this.starting.indexOf(member), 1);
    this.becomeReady(member);
    this.hooks.becameReady();
  }

  private becomeReady(member: Member): void {
    this.enter(member, "ready");
    this.ready.push(member);
  }

  /** Gives up the start that began last, or else drains the ready replica with the least to do. */
  private stop(): void {
    const starting = this.starting.pop();
    if (starting !== undefined) {
      this.enter(starting, "gone");
      return;
    }
    let least = this.ready[0];
    for (const member of this.ready) if (member.replica.outstanding < least.replica.outstanding) least = member;
    this.ready.splice(this.ready.indexOf(least), 1);
    this.enter(least, "draining");
    this.emptied(least.number);
  }

  private join(state: State): Member {
    const member: Member = { number: this.members.length, replica: this.hooks.createReplica(), state: "gone", epoch: 0 };
    this.members.push(member);
    this.enter(member, state);
    return member;
  }

  private enter(member: Member, state: State): void {
    const { levels, active, settings, simulation } = this;
    if (member.state !== "gone") levels[member.state].add(simulation.now, -1);
    member.state = state;
    member.epoch++;
    if (state !== "gone") levels[state].add(simulation.now, 1);
    active.set(simulation.now, levels.ready.value + levels.draining.value + levels.starting.value);
    // A warm replica without a price of its own is a replica like any other, and may be one of those reserved.
    const warm = settings.warm?.perReplicaHour === undefined ? levels.warm.value : 0;
    const billed = active.value + levels.refilling.value + warm;
    levels.onDemand.set(simulation.now, Math.max(0, billed - (settings.price?.reserved?.count ?? 0)));
  }
}
