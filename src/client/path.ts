import type { Target } from "../traffic/target.ts";
import type { Node } from "./pipeline/node.ts";

/** What a look-up has found; wrong is the answer to another question, taken for this one's. */
export type Finding = "hit" | "wrong" | "miss";

/** A response cache on the way, as the client meets it. */
export interface Lookup {
  /** Seconds, hit or miss. */
  readonly latency: number;
  /**
   * @param number of the request within its class; @param salt of the class
   * @param question its number among those of traces, 0 unless known; all of it so below
   */
  lookUp(number: number, salt: number, question: number): Finding;
  /** What the look-up needs has not come in time: it has found nothing, and its answer is not kept. */
  gaveUp(): void;
  /** A request has missed. @returns whether it waits for an answer that another has asked for; its client is told how that ends */
  join(request: number, number: number, salt: number, question: number): boolean;
  /** A request that waits for another's answer leaves. */
  leave(request: number, number: number, salt: number, question: number): void;
  /** A request that missed and went on has ended. @param answered whether its answer is there, to be kept */
  settle(number: number, salt: number, question: number, answered: boolean): void;
}

/** One entry of the path before its targets. */
export interface PathStage {
  /** By which rungs of a ladder leave it out; undefined where it has no name. */
  readonly name: string | undefined;
  /** Where it is a cache; its position among all that can serve, for the record. */
  readonly cache?: { readonly lookup: Lookup; readonly number: number; readonly slot: number };
  /** Position of its work among the path's nodes: all of it, or what comes before a cache's look-up; `none` where there is none. */
  readonly work: number;
  /** One bit for each stage within it whose part of the answer is missing when it is left out. */
  readonly gives: number;
}

/** What a request of one class may meet: stages in order, then the targets of the chain that its call walks. */
export interface Path {
  readonly stages: readonly PathStage[];
  /** What stages are made of; a node comes after its parts. */
  readonly nodes: readonly Node[];
  readonly targets: readonly Target[];
  /** Position of each target among all that can serve, for the record. */
  readonly targetNumbers: readonly number[];
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
