import type { Simulation } from "../../kernel/simulation.ts";
import type { WaitingLine } from "../admission/waiting-line.ts";
import type { Sequences } from "./sequences.ts";

/** What a pool needs of one replica, whatever serves in it. Attempts are known by their numbers. */
export interface Replica {
  /** Attempts taken and not yet ended, waiting or running: what a router compares. */
  readonly outstanding: number;
  readonly preemptions: number;
  /** Whether an attempt taken now would start at once, or else join the batch at the next boundary if KV blocks are free then. */
  readonly hasRoom: boolean;
  take(attempt: number): void;
  /** The client of an attempt taken here has left. */
  abandon(attempt: number): void;
  /** Takes a waiting attempt out of the line, if it has not been started; false when it has. */
  withdraw(attempt: number): boolean;
  /** Breaks off for good, at once and without a word to anyone; the replica is not used any more. */
  halt(): void;
  /** Share of its KV blocks that sequences hold, 0 to 1, as of the start of the iteration under way; 0 where there is no KV. */
  readonly kvUse: number;
  /** Where prompts that begin alike are not read again; it counts tokens. */
  readonly prefixCache?: { readonly promptTokenCount: number; readonly hitTokenCount: number } | undefined;
  /** Seconds spent serving up to now. */
  busySeconds(now: number): number;
  /** Of these, seconds spent on attempts that have ended and whose clients had left. */
  readonly wastedSeconds: number;
}

/** What every kind of replica is made with, beside its settings. */
export interface ReplicaContext {
  readonly simulation: Simulation;
  readonly sequences: Sequences;
  readonly onCancel: "finish" | "abort";
  readonly listener: ReplicaListener;
  /** Where attempts wait to be started; first come, first served unless given. */
  readonly line?: WaitingLine;
  /** How many times as long as its settings say everything takes; 1 unless given. */
  readonly pace?: number;
}

/** What a replica tells its pool. */
export interface ReplicaListener {
  /** An attempt has left the waiting line for good: its work begins. */
  started(attempt: number): void;
  firstToken(attempt: number): void;
  /** From the start of its work on: its time goes to this cause from now on, a position in `causes`. */
  readonly spends: (attempt: number, cause: number) => void;
  finished(attempt: number): void;
  /** Out of the line or the batch because the client had left. */
  dropped(attempt: number): void;
}
