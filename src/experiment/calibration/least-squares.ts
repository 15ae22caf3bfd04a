import { assert } from "../../base/assert.ts";
import { Cholesky } from "./cholesky.ts";
import { huberWeights, normalEquations, robustScale } from "./normal-equations.ts";

export type ResidualsAt = (point: readonly number[]) => Float64Array;

export interface LeastSquaresOptions {
  /** Smallest allowed value of each parameter, included; none unless given. */
  readonly lower?: readonly number[];
  /** A parameter is moved by this much to either side to see what the residuals do; default 0.02. */
  readonly step?: number;
  /** Most steps; default 30. */
  readonly rounds?: number;
  /** A residual of more than so many robust standard deviations pulls no harder than one of so many; default 1.5, Infinity for none. */
  readonly huber?: number;
  /** How much each residual counts; default 1 each. */
  readonly weights?: ArrayLike<number>;
}

/** The least sum of weighted squares, and what is known about its neighbourhood. */
export interface LeastSquares {
  readonly point: readonly number[];
  readonly residuals: Float64Array;
  /** By parameter, then by residual: how a residual changes with the parameter. */
  readonly jacobian: readonly Float64Array[];
  /** Weights of the residuals, those for outliers included. */
  readonly weights: Float64Array;
  /** Parameters that lie at their lower bound and would go below it. */
  readonly bound: readonly boolean[];
}

/**
 * Levenberg (1944) and Marquardt (1963): Gauss–Newton steps, damped until they lead downhill, with derivatives by differences and
 * Huber's weights (1964) against outliers. Parameters should be of the size of logarithms, so that one step suits them all.
 * Deterministic; calls `residualsAt` about 2n + 2 times a round for n parameters. It ends when no step gains anything to speak of.
 */
export function leastSquares(residualsAt: ResidualsAt, start: readonly number[], options: LeastSquaresOptions = {}): LeastSquares {
  const { lower = start.map(() => -Infinity), step = 0.02, rounds = 30, huber = 1.5 } = options;
  let point = start.map((value, i) => Math.max(value, lower[i]));
  let residuals = residualsAt(point);
  assert(residuals.every(Number.isFinite), "residuals at the start are finite");
  const given = Float64Array.from(residuals, (_, i) => options.weights?.[i] ?? 1);
  let damping = 1e-3;
  for (let round = 0; ; round++) {
    const jacobian = jacobianAt(residualsAt, point, lower, step);
    const weights = huberWeights(residuals, given, huber, robustScale(residuals, given));
    const { matrix, gradient } = normalEquations(jacobian, residuals, weights);
    const bound = point.map((value, i) => value <= lower[i] && gradient[i] > 0);
    const found: LeastSquares = { point, residuals, jacobian, weights, bound };
    if (round === rounds) return found;
    const goal = (1 - leastGain) * weightedSquares(residuals, weights);
    for (let tries = 0; ; tries++) {
      if (tries === mostTries) return found;
      const change = dampedStep(matrix, gradient, bound, damping);
      point = found.point.map((value, i) => Math.max(value + change[i], lower[i]));
      residuals = residualsAt(point);
      if (weightedSquares(residuals, weights) < goal) break;
      damping *= 6;
    }
    damping = Math.max(1e-9, damping / 5);
  }
}

/** A step must take this share off the sum of squares; none is tried harder than so many times. */
const leastGain = 1e-5;
const mostTries = 8;

/** In one step a parameter changes by no more than this: the derivatives mean little so far away. */
const longestStep = 1;

function weightedSquares(residuals: Float64Array, weights: Float64Array): number {
  return residuals.reduce((sum, residual, i) => sum + weights[i] * residual * residual, 0);
}

/** By central differences, one-sided where a bound is near. */
function jacobianAt(residualsAt: ResidualsAt, point: readonly number[], lower: readonly number[], step: number): Float64Array[] {
  return point.map((value, parameter) => {
    const at = (moved: number) => residualsAt(point.map((other, i) => (i === parameter ? moved : other)));
    const [below, above] = [Math.max(value - step, lower[parameter]), value + step];
    const [before, after] = [at(below), at(above)];
    return after.map((residual, i) => (residual - before[i]) / (above - below));
  });
}

/** The step that solves the damped normal equations; parameters at their bound, and those without effect, stay. */
function dampedStep(matrix: readonly number[][], gradient: readonly number[], bound: readonly boolean[], damping: number): number[] {
  const free = gradient.flatMap((_, i) => (bound[i] || matrix[i][i] === 0 ? [] : [i]));
  const damped = free.map((i) => free.map((j) => matrix[i][j] * (i === j ? 1 + damping : 1)));
  const change = gradient.map(() => 0);
  const solved = Cholesky.of(damped)?.solve(free.map((i) => -gradient[i])) ?? free.map(() => 0);
  for (const [at, i] of free.entries()) change[i] = Math.max(-longestStep, Math.min(longestStep, solved[at]));
  return change;
}
