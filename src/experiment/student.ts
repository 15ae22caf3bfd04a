import { arctangent } from "../kernel/elementary.ts";

/**
 * The quantile of Student's t distribution with a whole number of degrees of freedom.
 * The distribution function is the finite sum of Abramowitz and Stegun 26.7.3 and 26.7.4; bisection inverts it.
 * @param probability in (0.5, 1)
 * @param degrees whole, at least 1
 */
export function studentQuantile(probability: number, degrees: number): number {
  let low = 0;
  let high = 1;
  while (studentCumulative(high, degrees) < probability) high *= 2;
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (studentCumulative(middle, degrees) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Probability that a t-distributed value is at most `t`, for t ≥ 0. */
function studentCumulative(t: number, degrees: number): number {
  const tangent = t / Math.sqrt(degrees);
  const theta = arctangent(tangent);
  const cosine = 1 / Math.sqrt(1 + tangent * tangent);
  const sine = tangent * cosine;
  const odd = degrees % 2 === 1;
  let term = odd ? cosine : 1;
  let sum = degrees === 1 ? 0 : term;
  for (let k = odd ? 3 : 2; k < degrees; k += 2) {
    term *= ((k - 1) / k) * cosine * cosine;
    sum += term;
  }
  const within = odd ? (2 / Math.PI) * (theta + sine * sum) : sine * sum;
  return 0.5 + within / 2;
}
