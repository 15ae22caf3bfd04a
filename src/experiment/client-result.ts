import type { Estimate } from "./result.ts";

/** What the calling side of a class did, as counts per replication after the warm-up; of attempts unless they say otherwise. */
export interface ClientResult {
  readonly sent: Estimate;
  /** Sent beside one under way, and those of them that gave the answer. */
  readonly hedges: Estimate;
  readonly hedgesWon: Estimate;
  /** Retries that were due, and those of them that a retry budget forbade. */
  readonly retries: Estimate;
  readonly retriesForbidden: Estimate;
  /** Back-off before retries, in the mean over all requests offered. */
  readonly backoff_s: Estimate;
  /** Times that a target was not asked, since its breaker was open, or since calls had spilled over to the next. */
  readonly brokenOff: Estimate;
  readonly spilledOver: Estimate;
  readonly breakerOpened: Estimate;
  /** Given up at an attempt's own time-out. */
  readonly attemptsTimedOut: Estimate;
  /** The class's own limiter, concurrency and queue; a gateway that several share is in `Point.gateways`. */
  readonly gate: GateResult;
}

/** Attempts that waited to be let out, their mean wait (null where none waited), and those refused or waiting for too long. */
export interface GateResult {
  readonly waited: Estimate;
  readonly wait_s: Estimate | null;
  readonly shed: Estimate;
}
