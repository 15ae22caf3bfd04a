import { factor, issue, settings } from "../../base/settings.ts";
import { normalQuantile } from "../normal.ts";
import { exp, log, log1p } from "../elementary.ts";
import type { DistributionKind } from "./distribution.ts";

const shares = { p1: 0.01, p5: 0.05, p10: 0.1, p25: 0.25, p50: 0.5, p75: 0.75, p90: 0.9, p95: 0.95, p99: 0.99 } as const;
type Percentile = keyof typeof shares;
const percentiles = Object.keys(shares) as Percentile[];

export type LognormalSettings = { mean?: number | undefined; cv?: number | undefined } & { [P in Percentile]?: number | undefined };

/** Lognormal, by mean and coefficient of variation or by two percentiles: `{ lognormal: { p50: 450ms, p99: 2.5s } }`. */
export const lognormal: DistributionKind<LognormalSettings> = {
  settings: (quantity) =>
    settings({
      mean: quantity.optional(),
      cv: factor({ min: 0, max: 100 }).optional(),
      ...(Object.fromEntries(percentiles.map((name) => [name, quantity.optional()])) as {
        [P in Percentile]: ReturnType<typeof quantity.optional>;
      }),
    }).superRefine((value, context) => {
      const given = percentiles.filter((name) => value[name] !== undefined);
      const byMoments = value.mean !== undefined && value.cv !== undefined && given.length === 0;
      const byPercentiles = value.mean === undefined && value.cv === undefined && given.length === 2;
      if (!byMoments && !byPercentiles) {
        issue(context, "contradiction", "needs mean and cv, or exactly two percentiles", {
          hint: "{ mean: 200, cv: 1.2 } or { p50: 450ms, p99: 2.5s }",
        });
      } else if (byPercentiles && !(0 < value[given[0]]! && value[given[0]]! <= value[given[1]]!)) {
        issue(context, "contradiction", `needs 0 < ${given[0]} <= ${given[1]}`, { path: [given[1]] });
      } else if (byMoments && !(value.mean! > 0)) {
        issue(context, "out-of-range", "must be above 0", { path: ["mean"] });
      }
    }),
  create(given) {
    const { mu, sigma } = parameters(given);
    return {
      mean: exp(mu + (sigma * sigma) / 2),
      largest: Infinity,
      sample: (random) => exp(mu + sigma * normalQuantile(random.uniform())),
    };
  },
};

/** Mean and deviation of the logarithm. */
function parameters(given: LognormalSettings): { mu: number; sigma: number } {
  if (given.mean !== undefined && given.cv !== undefined) {
    const variance = log1p(given.cv * given.cv);
    return { mu: log(given.mean) - variance / 2, sigma: Math.sqrt(variance) };
  }
  const [low, high] = percentiles.filter((name) => given[name] !== undefined) as [Percentile, Percentile];
  const [zLow, zHigh] = [normalQuantile(shares[low]), normalQuantile(shares[high])];
  const sigma = (log(given[high]!) - log(given[low]!)) / (zHigh - zLow);
  return { mu: log(given[low]!) - sigma * zLow, sigma };
}
