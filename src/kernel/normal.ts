import { log } from "./elementary.ts";

/** Coefficients of P. J. Acklam's rational approximation of the inverse normal distribution, relative error below 1.15e-9. */
const central = {
  numerator: [-3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2, -3.066479806614716e1, 2.506628277459239],
  denominator: [-5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1, 1],
};
const tail = {
  numerator: [-7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734, 4.374664141464968, 2.938163982698783],
  denominator: [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1],
};
const tailBelow = 0.02425;

/** The standard normal quantile of a probability in (0, 1); ±Infinity at the ends. */
export function normalQuantile(probability: number): number {
  if (probability <= 0) return -Infinity;
  if (probability >= 1) return Infinity;
  if (probability > 1 - tailBelow) return -lowerTail(1 - probability);
  if (probability < tailBelow) return lowerTail(probability);
  const q = probability - 0.5;
  const r = q * q;
  return (q * polynomial(central.numerator, r)) / polynomial(central.denominator, r);
}

function lowerTail(probability: number): number {
  const q = Math.sqrt(-2 * log(probability));
  return polynomial(tail.numerator, q) / polynomial(tail.denominator, q);
}

function polynomial(coefficients: readonly number[], x: number): number {
  let value = 0;
  for (let i = 0; i < coefficients.length; i++) value = value * x + coefficients[i];
  return value;
}
