import * as z from "zod";
import type { DistributionKind } from "./distribution.ts";

/** One of the values observed, each as likely as the others: `{ empirical: [12s, 14s, 40s] }`. */
export const empirical: DistributionKind<number[]> = {
  settings: (quantity) => z.array(quantity).min(1),
  create: (values) => ({
    largest: values.reduce((largest, value) => Math.max(largest, value)),
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    sample: (random) => values[Math.floor(random.uniform() * values.length)],
  }),
};
