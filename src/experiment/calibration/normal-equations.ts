import { medianSorted } from "simple-statistics";

/** JᵀWJ and JᵀWr of the residuals r with their derivatives J, by parameter. */
export function normalEquations(jacobian: readonly Float64Array[], residuals: Float64Array, weights: Float64Array) {
  const product = (a: Float64Array, b: Float64Array): number => {
    let sum = 0;
    for (let i = 0; i < a.length; i++) sum += weights[i] * a[i] * b[i];
    return sum;
  };
  return {
    matrix: jacobian.map((a) => jacobian.map((b) => product(a, b))),
    gradient: jacobian.map((a) => product(a, residuals)),
  };
}

/** The standard deviation that the middle half of the residuals suggests: 1.4826 times the median of their sizes. */
export function robustScale(residuals: Float64Array, weights: ArrayLike<number>): number {
  const sizes = residuals.map((residual, i) => Math.abs(residual) * Math.sqrt(weights[i])).filter((_, i) => weights[i] > 0);
  return sizes.length === 0 ? 0 : 1.4826 * medianSorted([...sizes.sort()]);
}

/** Huber's weights: a residual beyond `threshold` scales counts as if it lay there. */
export function huberWeights(residuals: Float64Array, given: Float64Array, threshold: number, scale: number): Float64Array {
  if (scale === 0 || threshold === Infinity) return given.slice();
  return residuals.map((residual, i) => {
    const size = Math.abs(residual) * Math.sqrt(given[i]);
    return size <= threshold * scale ? given[i] : (given[i] * threshold * scale) / size;
  });
}
