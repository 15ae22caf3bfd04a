import { Level, type Measurement } from "../../kernel/level.ts";
import type { Simulation } from "../../kernel/simulation.ts";
import type { PoolSettings } from "../pool-settings.ts";
import { Billing } from "./billing.ts";
import { type LifecycleState, lifecycleStates } from "./lifecycle.ts";
import type { Member } from "./member.ts";
import { StartLog } from "./start-log.ts";

/** What is counted of a fleet: replicas by state and by purchase type, how long starts took, and what went wrong. */
export class FleetAccounts {
  readonly levels: Readonly<Record<LifecycleState, Level>>;
  readonly billing: Billing;
  readonly startLog: StartLog;
  /** Replicas that serve or soon will: ready, draining, and starting on a machine; at most the pool's maximum and those that drain. */
  readonly active: Level;
  /** Starts into service, from the warm pool or from nothing. */
  scaleUps = 0;
  /** Starts that found no machine. */
  stockOuts = 0;
  interruptions = 0;
  crashes = 0;
  /** Replicas that were lost with their zone, to an interruption, or at the end of a drain's deadline, whatever they were doing. */
  losses = 0;
  /** Starts into service that wait for a machine. */
  private requested = 0;
  private readonly simulation: Simulation;

  constructor(simulation: Simulation, settings: PoolSettings, measurement: Measurement) {
    this.simulation = simulation;
    this.levels = Object.fromEntries(lifecycleStates.map((state) => [state, new Level(measurement)])) as Record<LifecycleState, Level>;
    this.active = new Level(measurement);
    this.billing = new Billing(simulation, settings, measurement);
    this.startLog = new StartLog(measurement);
  }

  /** A member has gone from one state to the one that it is in now. @param starting how many are on their way into service */
  moved(member: Member, from: Member["state"], starting: number): void {
    const { levels, active, billing, simulation } = this;
    if (from !== "gone") levels[from].add(simulation.now, -1);
    if (member.state !== "gone") levels[member.state].add(simulation.now, 1);
    if (!member.forWarmPool) this.requested += Number(member.state === "requested") - Number(from === "requested");
    active.set(simulation.now, levels.ready.value + levels.draining.value + starting - this.requested);
    billing.entered(member);
  }
}
