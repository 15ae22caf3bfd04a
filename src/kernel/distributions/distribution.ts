import type { z } from "zod";
import type { RandomSource } from "../random.ts";

/** A distribution that is ready to be drawn from. */
export interface Distribution {
  /** The exact mean, before any cut at `min` or `max`. */
  readonly mean: number;
  /** No larger value is ever drawn; Infinity where there is no bound. */
  readonly largest: number;
  sample(random: RandomSource): number;
}

/** A kind of distribution: the settings that a scenario gives, in the quantity that it stands for, and how to draw from it. */
export interface DistributionKind<Settings> {
  /** @param quantity schema of one value, such as a duration or a token count */
  settings(quantity: z.ZodType<number>): z.ZodType<Settings>;
  create(settings: Settings): Distribution;
}
