import { Cholesky } from "./cholesky.ts";
import type { LeastSquares } from "./least-squares.ts";
import { normalEquations, robustScale } from "./normal-equations.ts";

/** No measured time is better known than this share of itself, however well a fit meets it. */
const leastScale = 0.01;

/** What is added to the diagonal, as a share, where a direction is singular: its error comes out huge instead of undefined. */
const ridge = 1e-10;

export interface Uncertainty {
  /** By parameter: Infinity where the residuals do not depend on it, NaN where it lies at its bound. */
  readonly standardErrors: readonly number[];
  /** The standard deviation of a residual. */
  readonly scale: number;
}

/**
 * Standard errors at the optimum: the larger of those for independent residuals, scale²·(JᵀWJ)⁻¹, and those where the residuals of a
 * cluster err together (Liang and Zeger 1986).
 */
export function uncertaintyOf(found: LeastSquares, given: Float64Array, clusters: Int32Array): Uncertainty {
  const { jacobian, residuals, weights, bound } = found;
  const { matrix } = normalEquations(jacobian, residuals, weights);
  const scale = Math.max(leastScale, robustScale(residuals, given));
  const free = jacobian.flatMap((_, i) => (bound[i] || matrix[i][i] === 0 ? [] : [i]));
  const information = free.map((i) => free.map((j) => matrix[i][j]));
  const ridged = information.map((row, i) => row.map((value, j) => (i === j ? value * (1 + ridge) : value)));
  const inverse = (Cholesky.of(information) ?? Cholesky.of(ridged))?.inverse();
  const clustered = inverse === undefined ? undefined : sandwich(inverse, scores(found, free, clusters));
  const errorOf = (at: number): number =>
    inverse === undefined || clustered === undefined ? Infinity : Math.max(scale * Math.sqrt(inverse[at][at]), Math.sqrt(clustered[at]));
  const place = (parameter: number): number => free.indexOf(parameter);
  return {
    standardErrors: jacobian.map((_, i) => (bound[i] ? NaN : place(i) < 0 ? Infinity : errorOf(place(i)))),
    scale,
  };
}

/** By cluster: the pull of its residuals on each free parameter. */
function scores({ jacobian, residuals, weights }: LeastSquares, free: readonly number[], clusters: Int32Array): number[][] {
  const count = clusters.reduce((most, cluster) => Math.max(most, cluster + 1), 0);
  const pulls = Array.from({ length: count }, () => free.map(() => 0));
  for (let i = 0; i < residuals.length; i++) {
    for (let at = 0; at < free.length; at++) pulls[clusters[i]][at] += weights[i] * residuals[i] * jacobian[free[at]][i];
  }
  return pulls;
}

/** The diagonal of inverse·(Σ pull·pullᵀ)·inverse, widened for clusters that are few. */
function sandwich(inverse: readonly number[][], pulls: readonly number[][]): number[] {
  const clusters = pulls.length;
  const widened = clusters / Math.max(1, clusters - inverse.length);
  return inverse.map((row) => {
    const moves = pulls.map((pull) => row.reduce((sum, value, i) => sum + value * pull[i], 0));
    return widened * moves.reduce((sum, move) => sum + move * move, 0);
  });
}
