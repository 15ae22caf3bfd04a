import { exp, log } from "./elementary.ts";
import type { RandomSource } from "./random.ts";

/**
 * Zipf's law: of `count` things the k-th most wanted has a probability in proportion to k^-exponent. Draws are exact and take the same
 * time whatever the count: rejection from the integral of the density (Hörmann and Derflinger, 1996, "Rejection-inversion to generate
 * variates from monotone discrete distributions").
 */
export class Zipf {
  private readonly exponent: number;
  private readonly count: number;
  private readonly lowest: number;
  private readonly highest: number;
  private readonly squeeze: number;

  /** @param exponent from 0 on, where 0 wants all alike; @param count at least 1 */
  constructor(exponent: number, count: number) {
    this.exponent = exponent;
    this.count = count;
    this.lowest = this.integral(1.5) - 1;
    this.highest = this.integral(count + 0.5);
    this.squeeze = 2 - this.inverse(this.integral(2.5) - this.density(2));
  }

  /** A rank from 1, the most wanted, to the count. */
  draw(random: RandomSource): number {
    for (;;) {
      const area = this.highest + random.uniform() * (this.lowest - this.highest);
      const x = this.inverse(area);
      const rank = Math.min(this.count, Math.max(1, Math.floor(x + 0.5)));
      if (rank - x <= this.squeeze || area >= this.integral(rank + 0.5) - this.density(rank)) return rank;
    }
  }

  private density(x: number): number {
    return exp(-this.exponent * log(x));
  }

  /** Of the density from 1 to x: (x^(1 - exponent) - 1) / (1 - exponent), or its limit, the logarithm. */
  private integral(x: number): number {
    const logarithm = log(x);
    return logarithm * growth((1 - this.exponent) * logarithm);
  }

  private inverse(area: number): number {
    return exp(area * shrinkage(Math.max(-1, (1 - this.exponent) * area)));
  }
}

/** Below it the first terms of a series are exact, while a difference has lost digits. */
const small = 1e-3;

/** (e^x - 1) / x. */
function growth(x: number): number {
  if (Math.abs(x) >= small) return (exp(x) - 1) / x;
  return 1 + (x / 2) * (1 + (x / 3) * (1 + (x / 4) * (1 + x / 5)));
}

/** The logarithm of 1 + x, over x, for x from -1 on. */
function shrinkage(x: number): number {
  if (Math.abs(x) >= small) return log(1 + x) / x;
  return 1 - x * (1 / 2 - x * (1 / 3 - x * (1 / 4 - x / 5)));
}
