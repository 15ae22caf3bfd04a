import { factor, settings } from "../../base/settings.ts";
import { log, power } from "../elementary.ts";
import { normalQuantile } from "../normal.ts";
import type { RandomSource } from "../random.ts";
import type { DistributionKind } from "./distribution.ts";

/** Gamma by mean and coefficient of variation: `{ gamma: { mean: 2s, cv: 3 } }`; above 1 the values come in bursts. */
export const gamma: DistributionKind<{ mean: number; cv: number }> = {
  settings: (quantity) => settings({ mean: quantity, cv: factor({ above: 0, max: 100 }) }),
  create({ mean, cv }) {
    const shape = 1 / (cv * cv);
    const scale = mean / shape;
    return { mean, largest: Infinity, sample: (random) => scale * standardGamma(shape, random) };
  },
};

/** Marsaglia and Tsang, A simple method for generating gamma variables (2000); below shape 1 with their boost. */
function standardGamma(shape: number, random: RandomSource): number {
  if (shape < 1) {
    const boost = power(1 - random.uniform(), 1 / shape);
    return boost * standardGamma(shape + 1, random);
  }
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normalQuantile(random.uniform());
    const root = 1 + c * x;
    const v = root * root * root;
    if (v > 0 && log(1 - random.uniform()) < 0.5 * x * x + d - d * v + d * log(v)) return d * v;
  }
}
