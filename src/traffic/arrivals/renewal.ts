import { createDistribution } from "../../kernel/distributions/registry.ts";
import type { RandomSource } from "../../kernel/random.ts";
import { none } from "../requests.ts";
import type { Arrivals } from "./arrivals.ts";

/**
 * Independent gaps of a given mean and coefficient of variation: exponential at 1 (Poisson arrivals), constant at 0, otherwise gamma.
 * Gamma gaps begin in the middle of one, as a process does that has always been going on, so that `rate` arrivals per second
 * are expected from the first second on; a whole gap at the start would bring (cv² - 1) / 2 arrivals too many.
 * @param rate arrivals per second, above 0
 */
export function renewalArrivals(rate: number, cv: number, random: RandomSource): Arrivals {
  const mean = 1 / rate;
  const gaps = createDistribution(cv === 1 ? { exponential: { mean } } : cv === 0 ? { constant: mean } : { gamma: { mean, cv } });
  let begun = cv === 0 || cv === 1;
  return {
    time: 0,
    inputTokens: 0,
    outputTokens: 0,
    prefix: none,
    row: none,
    advance() {
      this.time += begun ? gaps.sample(random) : restOfGap(mean, cv, random);
      begun = true;
      return true;
    },
  };
}

/**
 * What is left of the gamma gap that a moment falls into. A long gap is met more often, in proportion to its length, which makes
 * it a gamma gap of a shape larger by 1; and the moment is anywhere within it.
 */
function restOfGap(mean: number, cv: number, random: RandomSource): number {
  const shape = 1 / (cv * cv);
  const met = createDistribution({ gamma: { mean: mean * (1 + cv * cv), cv: 1 / Math.sqrt(shape + 1) } });
  return met.sample(random) * (1 - random.uniform());
}
