import type { z } from "zod";

/** Decides whether a provider takes a call now. */
export interface Limiter {
  /**
   * Charges the call against the limits and returns 0, or refuses it and returns the seconds after which it would fit
   * (Infinity when it never will).
   * @param tokens what the call counts for
   */
  admit(now: number, tokens: number): number;
}

/** The limits of an account, as every law reads them. */
interface Limits {
  /** Requests per minute and tokens per minute; undefined: not limited. */
  readonly rpm: number | undefined;
  readonly tpm: number | undefined;
}

export interface LimiterLaw<Shape extends z.ZodRawShape> {
  /** What the law has beside rpm and tpm. */
  readonly settings: z.ZodObject<Shape>;
  create(limits: Limits, settings: z.output<z.ZodObject<Shape>>): Limiter;
}
