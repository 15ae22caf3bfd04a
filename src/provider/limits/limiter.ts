import type * as z from "zod";
import type { Streams } from "../../kernel/random.ts";
import type { Simulation } from "../../kernel/simulation.ts";

/** A call as a limiter sees it, only for as long as it is asked. Lengths are in tokens. */
export interface Call {
  readonly input: number;
  /** Of the input, what the provider's prompt cache has; the same from the first question to the call's end. */
  readonly cached: number;
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

/**
 * Says whether a provider can take a call now. Asking and charging are apart, so that several limits can guard one account: a
 * call is taken from all of them or from none.
 */
export interface Limiter {
  /** Seconds after which the call fits, if nothing else is taken until then: 0 now, Infinity never. Charges nothing. */
  wait(now: number, call: Call): number;
  /** Charges a call that is taken. */
  take(now: number, call: Call): void;
  /** A call was refused, by this limit or by another of the account; here where such calls count as requests. */
  refused?(now: number, call: Call): void;
  /** The first token of a call that was taken is there; the others follow `tpot` apart. */
  firstToken?(now: number, call: Call): void;
  /** A call that was taken has ended, with its last token or in an error. */
  settle?(now: number, call: Call): void;
}

/** The limits of an account, as every law reads them. */
export interface Limits {
  /** Requests per minute and tokens per minute; undefined: not limited. */
  readonly rpm: number | undefined;
  readonly tpm: number | undefined;
}

/** Where a limiter stands. */
export interface Surroundings {
  /** What the names of its random streams begin with, such as `providers.openai.limits`. */
  readonly stream: string;
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
