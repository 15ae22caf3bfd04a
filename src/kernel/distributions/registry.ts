import * as z from "zod";
import { chosen, factor, oneOf, settings } from "../../base/settings.ts";
import { constant } from "./constant.ts";
import type { Distribution, DistributionKind } from "./distribution.ts";
import { empirical } from "./empirical.ts";
import { exponential } from "./exponential.ts";
import { gamma } from "./gamma.ts";
import { lognormal } from "./lognormal.ts";
import { mixture } from "./mixture.ts";
import { weibull } from "./weibull.ts";

/** Every kind of distribution by the name a scenario uses; a mixture of them is the one kind that holds others. */
const distributions = { constant, exponential, gamma, lognormal, weibull, empirical };

const names = [...Object.keys(distributions), "mixture"];

/** A decoded distribution: one kind with its settings, and the bounds that values outside are moved to. */
export type DistributionSettings = { readonly [kind: string]: unknown; readonly min?: number; readonly max?: number };

/** Schema of a distribution of a quantity, such as `{ lognormal: { mean: 6000, cv: 1.2 }, max: 30000 }`. */
export function distribution(quantity: z.ZodType<number>): z.ZodType<DistributionSettings> {
  const kinds = Object.fromEntries(Object.entries(distributions).map(([name, kind]) => [name, kind.settings(quantity)]));
  const mixed: z.ZodType = z.lazy(() => z.array(settings({ weight: factor({ above: 0 }), of: self })).min(1));
  const self: z.ZodType<DistributionSettings> = oneOf(
    { ...kinds, mixture: mixed },
    { min: quantity.optional(), max: quantity.optional() },
  ) as unknown as z.ZodType<DistributionSettings>;
  return self;
}

/** Schema of one value, or of a distribution of such values. @param what it is, for the message */
export function valueOrDistribution(quantity: z.ZodType<number>, what: string) {
  return z.union([quantity, distribution(quantity)], { error: `must be ${what}, or a distribution` });
}

/** What `valueOrDistribution` has decoded, as a distribution. */
export function asDistribution(given: number | DistributionSettings): DistributionSettings {
  return typeof given === "number" ? { constant: given } : given;
}

/** Makes a decoded distribution ready to draw from. Values beyond `min` or `max` become that bound, as capped prompts do. */
export function createDistribution(decoded: DistributionSettings): Distribution {
  const [name, given] = chosen(decoded, names);
  const free =
    name === "mixture"
      ? mixture((given as { weight: number; of: DistributionSettings }[]).map(({ weight, of }) => ({ weight, of: createDistribution(of) })))
      : (distributions[name as keyof typeof distributions] as DistributionKind<unknown>).create(given);
  const { min = -Infinity, max = Infinity } = decoded;
  if (min === -Infinity && max === Infinity) return free;
  return {
    mean: free.mean,
    largest: Math.min(max, Math.max(min, free.largest)),
    sample: (random) => Math.min(max, Math.max(min, free.sample(random))),
  };
}
