import type { z } from "zod";
import type { MetricName } from "./metrics.ts";

/** What a scaling policy sees of its pool at one moment. Counters go on from the start of the run; differences of two tell a rate. */
export interface PoolView {
  /** Attempts queued and running, all over the pool. */
  readonly outstanding: number;
  /** Attempts that wait. */
  readonly waiting: number;
  readonly ready: number;
  /** On their way to ready. */
  readonly starting: number;
  /** Attempts sent to the pool so far. */
  readonly arrived: number;
  /** Replica-seconds busy so far, of all replicas that the pool has had. */
  readonly busySeconds: number;
  /** Sum over the ready replicas of the share of KV blocks in use. */
  readonly kvUse: number;
}

/** What a policy knows beside its settings. */
export interface ScalingContext {
  /** Mean seconds of a start from nothing. */
  readonly coldStart: number;
  /** Seconds until the run ends. */
  readonly horizon: number;
  /** Requests per second that classes whose path has this pool will offer: the most in any `window` that begins in [from, to]. */
  readonly future: (from: number, to: number, window: number) => number;
}

/** Decides, once every period, how many replicas there should be; the pool keeps that within its minimum and maximum. */
export interface Scaler {
  /** Seconds between decisions, above 0. */
  readonly every: number;
  /** Seconds from an observation to the decision that rests on it. */
  readonly lag: number;
  /** How many replicas there should be when the run begins; the pool's minimum unless given. */
  readonly initial?: number;
  /** Notes what the policy goes by. Each observation is followed by one decision, `lag` later. */
  observe(view: PoolView, now: number): void;
  /** At least 0; what is no whole number is rounded up. */
  desired(view: PoolView, now: number): number;
}

/** What a policy's settings say about it beforehand, to find out whether they suit the pool. */
export interface ScalingTraits {
  /** The metric that it goes by, and by nothing else. */
  readonly metric?: MetricName;
  /** Numbers of replicas that the settings name, each with its place below the policy's name. */
  readonly named?: readonly { readonly path: readonly PropertyKey[]; readonly count: number }[];
  /** Seconds after which traffic is expected to repeat. */
  readonly season?: number;
  /** Whether the number of replicas never changes. */
  readonly still?: true;
}

/** A rule that changes the number of replicas: one file and one line in the registry each. */
export interface ScalingPolicy<Settings> {
  readonly settings: z.ZodType<Settings>;
  /** Nothing to be known beforehand unless given. */
  traits?(settings: Settings): ScalingTraits;
  create(settings: Settings, context: ScalingContext): Scaler;
}
