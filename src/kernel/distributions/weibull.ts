import { gammaln } from "simple-statistics";
import { factor, settings } from "../../base/settings.ts";
import { power } from "../power.ts";
import type { DistributionKind } from "./distribution.ts";

/** Weibull by mean and coefficient of variation: `{ weibull: { mean: 2s, cv: 0.5 } }`. */
export const weibull: DistributionKind<{ mean: number; cv: number }> = {
  settings: (quantity) => settings({ mean: quantity, cv: factor({ min: 0.05, max: 20 }) }),
  create({ mean, cv }) {
    const shape = shapeOf(cv);
    const scale = mean / Math.exp(gammaln(1 + 1 / shape));
    return { mean, largest: Infinity, sample: (random) => scale * power(-Math.log(1 - random.uniform()), 1 / shape) };
  },
};

/** The shape whose coefficient of variation is `cv`, by bisection: it falls as the shape grows. */
function shapeOf(cv: number): number {
  const wanted = Math.log1p(cv * cv);
  let low = 0.05;
  let high = 50;
  for (let step = 0; step < 100; step++) {
    const shape = Math.sqrt(low * high);
    const spread = gammaln(1 + 2 / shape) - 2 * gammaln(1 + 1 / shape);
    if (spread > wanted) low = shape;
    else high = shape;
  }
  return Math.sqrt(low * high);
}
