import type { Cause } from "../../src/traffic/cause.ts";
import type { PlainFailure } from "./plain-given.ts";

/** What is sent to a pool or a provider. */
export interface Attempt {
  readonly input: number;
  readonly output: number;
  firstTokenAt: number | undefined;
  /** Its client has left. */
  left: boolean;
  /** What its time goes to from now on. */
  goesTo(cause: Cause): void;
  firstToken(): void;
  /** @param retryAfter seconds; 0 when the target does not say */
  ended(ending: "finished" | Exclude<PlainFailure, "timedOut">, retryAfter?: number): void;
}

export interface Target {
  send(attempt: Attempt): void;
  abandon(attempt: Attempt): void;
}
