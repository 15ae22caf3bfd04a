import { factor, settings } from "../../base/settings.ts";
import { exp, log, log1p, logGamma, power } from "../elementary.ts";
import type { DistributionKind } from "./distribution.ts";

/** Weibull by mean and coefficient of variation: `{ weibull: { mean: 2s, cv: 0.5 } }`. */
export const weibull: DistributionKind<{ mean: number; cv: number }> = {
  settings: (quantity) => settings({ mean: quantity, cv: factor({ min: 0.05, max: 20 }) }),
  create({ mean, cv }) {
    const shape = shapeOf(cv);
    const scale = mean / exp(logGamma(1 + 1 / shape));
    return { mean, largest: Infinity, sample: (random) => scale * power(-log(1 - random.uniform()), 1 / shape) };
  },
};

/** The shape whose coefficient of variation is `cv`, by bisection: it falls as the shape grows. */
function shapeOf(cv: number): number {
  const wanted = log1p(cv * cv);
  let low = 0.05;
  let high = 50;
  for (let step = 0; step < 100; step++) {
    const shape = Math.sqrt(low * high);
    const spread = logGamma(1 + 2 / shape) - 2 * logGamma(1 + 1 / shape);
    if (spread > wanted) low = shape;
    else high = shape;
  }
  return Math.sqrt(low * high);
}
