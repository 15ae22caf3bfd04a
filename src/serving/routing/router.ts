import type { RandomSource } from "../../kernel/random.ts";

/** What a router sees of the ready replicas: never more than a real one would, so no output lengths. */
export interface ReplicasView {
  readonly count: number;
  /** Attempts queued and running on one of them. */
  outstanding(index: number): number;
}

/** Chooses one of `view.count` replicas, at least one. */
export type Router = (view: ReplicasView) => number;

export interface RouterPolicy {
  create(random: RandomSource): Router;
}
