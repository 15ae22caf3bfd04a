import type { Target } from "../traffic/target.ts";

/** A response cache on the way, as the client meets it. */
export interface Lookup {
  /** Seconds, hit or miss. */
  readonly latency: number;
  lookUp(number: number, salt: number, question: number): boolean;
  /** A request has missed. @returns whether it waits for an answer that another has asked for; its client is told how that ends */
  join(request: number, number: number, salt: number, question: number): boolean;
  /** A request that waits for another's answer leaves. */
  leave(request: number, number: number, salt: number, question: number): void;
  /** A request that missed and went on has ended. @param answered whether its answer is there, to be kept */
  settle(number: number, salt: number, question: number, answered: boolean): void;
}

/** What a request of one class may meet: caches in order, then the targets of the chain that its call walks. */
export interface Path {
  readonly caches: readonly Lookup[];
  readonly targets: readonly Target[];
  /** Position of each cache and target among all that can serve, for the record. */
  readonly cacheNumbers: readonly number[];
  readonly targetNumbers: readonly number[];
  /** Names of the caches, by which rungs of a ladder leave them out. */
  readonly stageNames: readonly string[];
  /** Position of canned answers among all that can serve; `none` where there are none. */
  readonly cannedNumber: number;
  /** The class's own chain, then those of the rungs that have one. */
  readonly chains: readonly Chain[];
  /** Attempts that all classes together wait for, by server number; undefined where no step of any class spills over by it. */
  readonly outstanding: Int32Array | undefined;
}

/** Targets that are asked in turn until one answers. */
export interface Chain {
  readonly steps: readonly Step[];
  /** By code of `outcomes`: whether after such an ending the next step is asked. */
  readonly goesOn: readonly boolean[];
}

/** One target, or several of which each call draws one. */
export interface Step {
  /** Positions in the path's targets. */
  readonly targets: readonly number[];
  /** For each of several, the share of the calls that draw it or one before it; the last is 1. */
  readonly upTo: readonly number[];
  /** From so many outstanding attempts at the target, or beyond so many tokens of prompt, it is passed over; Infinity: never. */
  readonly mostOutstanding: number;
  readonly longestPrompt: number;
}
