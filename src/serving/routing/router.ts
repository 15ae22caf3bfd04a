import type * as z from "zod";
import type { RandomSource } from "../../kernel/random.ts";
import type { Attempts } from "../../traffic/attempts.ts";

/** What a router sees of the replicas that are ready: never more than a real one would, so no output lengths. */
export interface ReplicasView {
  readonly count: number;
  /** Attempts queued and running on one of them. */
  outstanding(index: number): number;
  /** The first of those with the fewest attempts queued and running. */
  leastOutstanding(): number;
  /** Share of its KV blocks that sequences hold, 0 to 1; 0 where there is no KV. */
  kvUse(index: number): number;
  /** Number of the replica that stands at this position; positions change as replicas come and go, numbers do not. */
  number(index: number): number;
}

/** What a router sees of the attempt that it sends somewhere. */
export type RoutedAttempt = Pick<Attempts, "inputTokens" | "prefix" | "prefixTokens" | "prefixes">;

/** Chooses one of `view.count` replicas, at least one, for an attempt. */
export type Router = (view: ReplicasView, attempt: number) => number;

/** A rule by which attempts are sent to replicas: one file and one line in the registry each. */
export interface RouterPolicy<Settings = unknown> {
  readonly settings: z.ZodType<Settings>;
  /** @param attempts columns of what is known of attempts, by their numbers */
  create(settings: Settings, random: RandomSource, attempts: RoutedAttempt): Router;
}
