import type { Measurement } from "../../kernel/level.ts";
import type { Streams } from "../../kernel/random.ts";
import type { Simulation } from "../../kernel/simulation.ts";
import type { PoolSettings } from "../pool-settings.ts";
import type { Replica } from "../replica/replica.ts";
import type { ColdStart } from "./cold-start.ts";
import type { FaultyFleet } from "./faults/fault.ts";
import type { Faults } from "./faults/faults.ts";
import { createFaults } from "./faults/registry.ts";
import { FleetAccounts } from "./fleet-accounts.ts";
import { Member } from "./member.ts";
import { Roster } from "./roster.ts";
import { Starts } from "./starts.ts";

/** What a fleet needs of its pool. */
export interface FleetHooks {
  /** @param pace how many times as long as others it takes for everything */
  createReplica(pace: number): Replica;
  /** Replicas have joined or left those that are ready; their positions have changed. */
  readyChanged(ready: readonly Member[]): void;
  becameReady(): void;
  /** Replicas that may have been serving are no more, and with them what they served. */
  lost(members: readonly Member[]): void;
}

/**
 * The replicas of a pool from start to end: cold starts phase by phase, the warm pool that is taken from first and refilled behind,
 * draining, and what goes wrong. It keeps as many as it is told to; what they cost is read off its accounts.
 */
export class Fleet implements FaultyFleet {
  readonly simulation: Simulation;
  readonly members: Member[] = [];
  readonly roster = new Roster();
  /** Every replica that there has been, to read its counters. */
  readonly replicas: Replica[] = [];
  readonly accounts: FleetAccounts;
  readonly faults: Faults;
  private readonly starts: Starts;
  private readonly settings: PoolSettings;
  private readonly hooks: FleetHooks;
  private wanted: number;
  private readonly deadline: number;

  /** @param initial replicas that are ready when the run begins, beside a full warm pool */
  constructor(
    name: string,
    simulation: Simulation,
    settings: PoolSettings,
    coldStart: ColdStart,
    initial: number,
    streams: Streams,
    measurement: Measurement,
    hooks: FleetHooks,
  ) {
    this.simulation = simulation;
    this.settings = settings;
    this.hooks = hooks;
    this.starts = new Starts(simulation, coldStart, this.members, {
      enter: (member, state) => this.enter(member, state),
      arrived: (member) => this.arrive(member),
    });
    this.accounts = new FleetAccounts(simulation, settings, measurement);
    this.wanted = initial;
    this.deadline = simulation.handler((number, epoch) => {
      const member = this.members[number];
      if (member.epoch === epoch) this.lose([member]);
    });
    this.faults = createFaults(settings.faults, name, this, streams);
    for (let i = 0; i < initial; i++) this.becomeReady(this.begin(this.join(false)));
    for (let i = 0; i < (settings.warm?.size ?? 0); i++) this.becomeWarm(this.begin(this.join(true)));
  }

  get ready(): readonly Member[] {
    return this.roster.ready;
  }

  /** Keeps so many replicas, ready and starting, from now on. */
  scaleTo(wanted: number): void {
    this.wanted = wanted;
    this.reconcile();
  }

  /** Called when an attempt has left a member: one that drains and is empty is done. */
  emptied(member: Member): void {
    if (member.state === "draining" && member.replica.outstanding === 0) this.enter(member, "gone");
  }

  lose(members: readonly Member[]): void {
    const served = members.filter(({ state }) => state === "ready" || state === "draining");
    for (const member of members) {
      this.accounts.losses++;
      this.takeOut(member);
      member.replica.halt();
      this.enter(member, "gone");
    }
    this.reconcile();
    if (served.length > 0) this.hooks.lost(served);
  }

  interrupt(member: Member, notice: number): void {
    this.accounts.interruptions++;
    if (member.state === "ready") this.drain(member, notice);
    else if (member.state === "draining") this.simulation.after(notice, this.deadline, member.number, member.epoch);
    else this.lose([member]);
    this.reconcile();
  }

  crash(member: Member): void {
    this.accounts.crashes++;
    this.takeOut(member);
    member.replica.halt();
    member.replica = this.createReplica(member.number);
    this.roster.starting.push(member);
    this.starts.again(member);
    this.hooks.lost([member]);
  }

  restock(): void {
    const { starting, refilling } = this.roster;
    for (const member of [...starting, ...refilling]) {
      if (member.state === "requested" && this.faults.stockOut() === undefined) this.startFromNothing(member);
    }
    this.reconcile();
  }

  /** Starts and stops replicas until there are as many as wanted, and fills the warm pool behind them. */
  private reconcile(): void {
    while (this.roster.serving < this.wanted && this.start());
    while (this.roster.serving > this.wanted) this.stop();
    this.refill();
  }

  /** Takes a warm replica if there is one, otherwise starts one from nothing; false when there is no machine. */
  private start(): boolean {
    const { roster, accounts } = this;
    const warm = roster.warm.shift();
    if (warm === undefined) return this.launch(false);
    accounts.scaleUps++;
    warm.forWarmPool = false;
    roster.starting.push(warm);
    this.starts.fromWarm(warm, this.settings.warm!.state);
    return true;
  }

  private refill(): void {
    const size = this.settings.warm?.size ?? 0;
    while (this.roster.warming < size && this.launch(true));
  }

  private launch(forWarmPool: boolean): boolean {
    const { roster, accounts } = this;
    const stockOut = this.faults.stockOut();
    if (stockOut !== undefined) accounts.stockOuts++;
    if (stockOut === "fail") return false;
    const member = this.join(forWarmPool);
    (forWarmPool ? roster.refilling : roster.starting).push(member);
    if (stockOut === "wait") this.enter(member, "requested");
    else this.startFromNothing(member);
    return true;
  }

  private startFromNothing(member: Member): void {
    if (!member.forWarmPool) this.accounts.scaleUps++;
    this.starts.fromNothing(this.begin(member));
    this.accounts.startLog.add(this.simulation.now, member.phases);
  }

  /** It has its machine. */
  private begin(member: Member): Member {
    this.faults.launched(member);
    return member;
  }

  private arrive(member: Member): void {
    this.roster.remove(member);
    if (member.forWarmPool) {
      this.becomeWarm(member);
      this.replaceRequested();
      return;
    }
    this.becomeReady(member);
    this.hooks.becameReady();
  }

  /** A start that waits for a machine is given up when a warm replica can take its place. */
  private replaceRequested(): void {
    const waits = this.roster.starting.find(({ state }) => state === "requested");
    if (waits === undefined) return;
    this.roster.remove(waits);
    this.enter(waits, "gone");
    this.reconcile();
  }

  private becomeWarm(member: Member): void {
    this.roster.warm.push(member);
    this.enter(member, "warm");
  }

  private becomeReady(member: Member): void {
    this.roster.addReady(member);
    this.enter(member, "ready");
    this.faults.becameReady(member);
    this.hooks.readyChanged(this.ready);
  }

  /** Gives up the start that began last, or else drains the ready replica with the least to do. */
  private stop(): void {
    const starting = this.roster.starting.pop();
    if (starting === undefined) this.drain(this.roster.leastBusy(), this.settings.drain.deadline);
    else this.enter(starting, "gone");
  }

  /** @param deadline seconds after which what is still running fails; no such moment unless given */
  private drain(member: Member, deadline: number | undefined): void {
    this.takeOut(member);
    this.enter(member, "draining");
    if (deadline !== undefined) this.simulation.after(deadline, this.deadline, member.number, member.epoch);
    this.emptied(member);
  }

  private takeOut(member: Member): void {
    const wasReady = member.position >= 0;
    this.roster.remove(member);
    if (wasReady) this.hooks.readyChanged(this.ready);
  }

  /** A new member, which has no machine yet. */
  private join(forWarmPool: boolean): Member {
    const number = this.members.length;
    const member = new Member(number, this.createReplica(number), this.accounts.billing.buySpot(), forWarmPool);
    this.members.push(member);
    return member;
  }

  private createReplica(number: number): Replica {
    const replica = this.hooks.createReplica(this.faults.pace(number));
    this.replicas.push(replica);
    return replica;
  }

  private enter(member: Member, state: Member["state"]): void {
    const from = member.state;
    member.state = state;
    member.epoch++;
    this.accounts.moved(member, from, this.roster.starting.length);
  }
}
