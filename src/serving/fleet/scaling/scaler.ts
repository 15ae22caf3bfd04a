import type { z } from "zod";

/** What a scaling policy sees of its pool at one moment. */
export interface PoolView {
  /** Attempts queued and running, all over the pool. */
  readonly outstanding: number;
  /** Attempts that wait. */
  readonly waiting: number;
  readonly ready: number;
  /** On their way to ready. */
  readonly starting: number;
}

/** Decides, once every period, how many replicas there should be; the pool keeps that within its minimum and maximum. */
export interface Scaler {
  /** Seconds between decisions, above 0. */
  readonly every: number;
  /** Seconds from an observation to the decision that rests on it. */
  readonly lag: number;
  /** Notes the metric. Each observation is followed by one decision, `lag` later. */
  observe(view: PoolView): void;
  desired(view: PoolView, now: number): number;
}

export interface ScalingPolicy<Settings> {
  readonly settings: z.ZodType<Settings>;
  create(settings: Settings): Scaler;
}
