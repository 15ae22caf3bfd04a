/**
 * How an attempt ends at its target: answered to the last token, or not.
 * `shed`: our own queue refused it or held it too long. `throttled`: the provider said 429. `failed`: an error.
 * `dropped`: taken out of the line because its client had left.
 */
export type Ending = "finished" | "shed" | "throttled" | "failed" | "dropped";

/** Where attempts are sent: a pool of replicas or a provider. */
export interface Target {
  readonly name: string;
  /** Takes the attempt. Exactly one `ended` follows, now or later, unless the horizon comes first. */
  send(attempt: number): void;
  /** The client has left; `ended` still follows. */
  abandon(attempt: number): void;
}

/** What a target tells the client. */
export interface AttemptListener {
  /** From now on its time goes to this cause, a position in `causes`. */
  readonly spends: (attempt: number, cause: number) => void;
  firstToken(attempt: number): void;
  /** @param retryAfter seconds after which the target would have it tried again; 0 when it does not say */
  ended(attempt: number, ending: Ending, retryAfter: number): void;
}
