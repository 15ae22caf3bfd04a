import type { Distribution } from "./distribution.ts";

/** One of several distributions, chosen by weight; weights need not add up to 1. */
export function mixture(parts: readonly { weight: number; of: Distribution }[]): Distribution {
  const whole = parts.reduce((sum, part) => sum + part.weight, 0);
  return {
    largest: Math.max(...parts.map(({ of }) => of.largest)),
    mean: parts.reduce((sum, part) => sum + (part.weight / whole) * part.of.mean, 0),
    sample(random) {
      let left = random.uniform() * whole;
      for (const part of parts) {
        left -= part.weight;
        if (left < 0) return part.of.sample(random);
      }
      return parts.at(-1)!.of.sample(random);
    },
  };
}
