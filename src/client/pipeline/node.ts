import type { Distribution } from "../../kernel/distributions/distribution.ts";
import type { Target } from "../../traffic/target.ts";
import type { BreakerSettings } from "../breaker.ts";
import type { RetryLoopSettings } from "../retry/retry-settings.ts";

/** A vector store as the client meets it. */
export interface Retriever {
  /**
   * Takes a read, whose end its pipeline is told exactly once, perhaps before this returns, unless it leaves before.
   * @param caller the task that it is for; the others are the key of its random numbers
   * @returns the read's ticket; `none` when it has ended already
   */
  read(caller: number, number: number, turn: number, salt: number): number;
  leave(ticket: number): void;
}

/** How one stage does what it does: it calls a target, reads a store, or takes its time. */
type Deed =
  | { readonly kind: "call"; readonly target: Target; readonly input: Distribution | undefined; readonly output: Distribution | undefined }
  | { readonly kind: "read"; readonly store: Retriever }
  | { readonly kind: "embed"; readonly latency: Distribution; readonly meter: EmbeddingMeter };

/** Tokens of questions embedded somewhere that is never short of capacity. */
export interface EmbeddingMeter {
  tokens: number;
}

/** A stage before the targets. */
export interface Leaf {
  readonly kind: "leaf";
  /** Unique within its class; names the stage's random numbers. */
  readonly name: string;
  /** Position among the stages whose times are kept; `none` for a part of a cache's look-up, whose time is the cache's. */
  readonly slot: number;
  readonly deed: Deed;
  /** Seconds; Infinity without a budget. */
  readonly timeout: number;
  readonly goesOnWithout: boolean;
  readonly retry: RetryLoopSettings;
  readonly breaker: BreakerSettings | undefined;
  /** Tokens that what it gives adds to the prompt. */
  readonly promptTokens: number;
}

/** Stages in order, or side by side. */
export interface Group {
  readonly kind: "sequence" | "parallel";
  /** Positions of its parts among the pipeline's nodes. */
  readonly parts: readonly number[];
  /** Seconds, of a whole look-up; Infinity without a budget. */
  readonly timeout: number;
}

export type Node = Leaf | Group;
