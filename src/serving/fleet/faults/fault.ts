import type { z } from "zod";
import type { KeyedRandom, RandomSource } from "../../../kernel/random.ts";
import type { Outages } from "../../../kernel/outages.ts";
import type { Simulation } from "../../../kernel/simulation.ts";
import type { Member } from "../member.ts";

/** What a fault can do to a fleet. */
export interface FaultyFleet {
  readonly simulation: Simulation;
  readonly members: readonly Member[];
  /** Takes replicas away at once: what they serve fails, and others are started in their place. */
  lose(members: readonly Member[]): void;
  /** Takes a replica away: one that serves drains for `notice` seconds first, any other goes at once. */
  interrupt(member: Member, notice: number): void;
  /** Ends a ready replica's process, which starts again on its node; what it served fails. */
  crash(member: Member): void;
  /** There are machines again: starts what waits for one. */
  restock(): void;
}

/** What becomes of a start for which there is no machine. */
export type StockOut = "wait" | "fail";

/** Something that goes wrong with replicas. */
export interface Fault {
  /** Told when a replica has its machine, also of those there are at the start. */
  launched?(member: Member): void;
  becameReady?(member: Member): void;
  /** Whether no machine is to be had now, and what becomes of who asks for one. */
  stockOut?(): StockOut | undefined;
  /** Times in which it goes on for the whole fleet. */
  readonly outages?: Outages;
  /** How many times as long as others this replica takes for everything. */
  pace?(member: number): number;
}

/** A kind of fault: one file and one line in the registry each. */
export interface FaultKind<Settings = unknown> {
  readonly settings: z.ZodType<Settings>;
  /** @param fates by replica, the same whatever else happens; @param times of what happens to the whole fleet */
  create(settings: Settings, fleet: FaultyFleet, fates: KeyedRandom, times: RandomSource): Fault;
}
