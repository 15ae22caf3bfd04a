import { createDistribution } from "../../kernel/distributions/registry.ts";
import type { RandomSource } from "../../kernel/random.ts";
import type { Arrivals } from "./arrivals.ts";

/**
 * Independent gaps of a given mean and coefficient of variation: exponential at 1 (Poisson arrivals), constant at 0, otherwise gamma.
 * @param rate arrivals per second, above 0
 */
export function renewalArrivals(rate: number, cv: number, random: RandomSource): Arrivals {
  const mean = 1 / rate;
  const gaps = createDistribution(cv === 1 ? { exponential: { mean } } : cv === 0 ? { constant: mean } : { gamma: { mean, cv } });
  return {
    time: 0,
    inputTokens: 0,
    outputTokens: 0,
    advance() {
      this.time += gaps.sample(random);
      return true;
    },
  };
}
