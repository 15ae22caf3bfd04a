import type * as z from "zod";

/** How many attempts may be under way at once, and how that changes with how they fare. */
export interface Concurrency {
  /** At least 1; attempts that are under way already stay when it falls below them. */
  readonly limit: number;
  /**
   * An attempt has ended for its client.
   * @param seconds from sending to its first token, or to its end where it was not answered; NaN where that tells nothing
   * @param ok whether it was answered
   * @param underWay attempts that were under way at once, it counted
   */
  ended?(now: number, seconds: number, ok: boolean, underWay: number): void;
}

export interface ConcurrencyPolicy<Settings = unknown> {
  readonly settings: z.ZodObject;
  check?(given: Settings, context: z.RefinementCtx): void;
  create(given: Settings): Concurrency;
}
