import type * as z from "zod";
import type { Streams } from "../../kernel/random.ts";
import type { Simulation } from "../../kernel/simulation.ts";

/** A call as a limiter sees it, only for as long as it is asked. Lengths are in tokens. */
export interface Call {
  readonly input: number;
  /** What it really produces, 0 when it fails. Nobody knows it beforehand: for settling and streaming, not for admission. */
  readonly output: number;
  /** The longest answer that the caller asks for; Infinity when it does not say. */
  readonly maxOutput: number;
  /** Seconds from one token to the next; known from its first token on. */
  readonly tpot: number;
  /** The key of its random numbers: its request's number in its class, how many attempts came before, and the class's salt. */
  readonly number: number;
  readonly turn: number;
  readonly salt: number;
}

/** Decides whether a provider takes a call now. */
export interface Limiter {
  /**
   * Charges the call against the limits and returns 0, or refuses it and returns the seconds after which it would fit
   * (Infinity when it never will).
   */
  admit(now: number, call: Call): number;
  /** The first token of an admitted call is there; the others follow `tpot` apart. */
  firstToken?(now: number, call: Call): void;
  /** An admitted call has ended, with its last token or in an error. */
  settle?(now: number, call: Call): void;
}

/** The limits of an account, as every law reads them. */
export interface Limits {
  /** Requests per minute and tokens per minute; undefined: not limited. */
  readonly rpm: number | undefined;
  readonly tpm: number | undefined;
}

/** Where a limiter stands: the clock and the chances of the provider of that name. */
export interface Surroundings {
  readonly provider: string;
  readonly simulation: Simulation;
  readonly streams: Streams;
}

/** A law for the settings that it has beside rpm and tpm. */
export interface LimiterLaw<Settings = unknown> {
  /** The limits that the law reads; another is refused. */
  readonly reads: readonly (keyof Limits)[];
  /** Limits of which the law needs at least one; empty when it holds nobody back without. */
  readonly needs: readonly (keyof Limits)[];
  /** A key that several laws have has the same range in all of them. */
  readonly settings: z.ZodObject;
  /** Refuses settings that contradict each other. */
  check?(given: Limits & Settings, context: z.RefinementCtx): void;
  create(limits: Limits, settings: Settings, surroundings: Surroundings): Limiter;
}
