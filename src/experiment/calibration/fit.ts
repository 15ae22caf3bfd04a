import { median } from "simple-statistics";
import type { BatchSettings } from "../../serving/continuous-batch.ts";
import { type CoefficientName, engineAt, type Floors, roundedEngineAt } from "./coefficients.ts";
import { type LeastSquares, leastSquares, type ResidualsAt } from "./least-squares.ts";
import { type Uncertainty, uncertaintyOf } from "./standard-errors.ts";
import type { Target } from "./target.ts";

export interface FittedCoefficient {
  readonly name: CoefficientName;
  /** Seconds. */
  readonly base: number;
  readonly value: number;
  /** As a share of the value; Infinity where the data do not depend on it, NaN at its floor. */
  readonly standardError: number;
  /** Whether the hardware's floor has stopped it. */
  readonly atFloor: boolean;
  /** How much of a time it makes at most: by so many per cent changes a time when the coefficient changes by one. */
  readonly largestShare: number;
}

export interface Fit {
  readonly engine: BatchSettings;
  readonly coefficients: readonly FittedCoefficient[];
  /** How far two of the coefficients can stand in for one another, from −1 to 1. */
  correlation(a: number, b: number): number;
}

/**
 * Derivatives are taken over a tenth to either side. A finer step would measure which iteration a request happens to join: simulated
 * times are steps rather than slopes when looked at closely.
 */
const step = 0.1;

/** A factor of e, to either side: what cannot be told from a coefficient that is so far off is not known from the data. */
const farOff = 1;

/** Too near for the sum of squares to change for a reason. */
const nearby = 0.01;

/** How often the search begins anew when holding a coefficient far off has led to a better place than the one it had found. */
const restarts = 1;

/** Fits the named coefficients of an engine, which must be above 0, to what was measured; the others stay. */
export function fitCoefficients(base: BatchSettings, names: readonly CoefficientName[], target: Target, floors: Floors): Fit {
  const residualsAt = (point: readonly number[]) => target.residualsAt(engineAt(base, names, point));
  let found = search(base, names, target, floors, startOf(base, names));
  let elsewhere = names.map((_, i) => holdFarOff(i, found, residualsAt));
  for (let again = 0; again < restarts; again++) {
    const [best] = elsewhere.flat().sort((a, b) => a.rise - b.rise);
    if (best === undefined || best.rise >= 0) break;
    found = search(base, names, target, floors, best.point);
    elsewhere = names.map((_, i) => holdFarOff(i, found, residualsAt));
  }
  const uncertainty = uncertaintyOf(found, target.weights, target.clusters);
  const engine = roundedEngineAt(base, names, found.point, floors);
  return {
    engine,
    coefficients: names.map((name, i) => ({
      name,
      base: base.stepTime[name],
      value: engine.stepTime[name],
      standardError: found.bound[i] ? NaN : Math.max(uncertainty.standardErrors[i], errorFrom(elsewhere[i], uncertainty)),
      atFloor: found.bound[i],
      largestShare: Math.max(...found.jacobian[i].map(Math.abs)),
    })),
    correlation: (a, b) => uncertainty.correlation(a, b),
  };
}

/** The engine alone, without the question how well the data tell it. */
export function fittedEngine(base: BatchSettings, names: readonly CoefficientName[], target: Target, floors: Floors): BatchSettings {
  return roundedEngineAt(base, names, search(base, names, target, floors, startOf(base, names)).point, floors);
}

function startOf({ stepTime }: BatchSettings, names: readonly CoefficientName[]): number[] {
  return names.map((name) => Math.log(stepTime[name]));
}

function search(base: BatchSettings, names: readonly CoefficientName[], target: Target, floors: Floors, start: readonly number[]): LeastSquares {
  const lower = names.map((name) => Math.log(floors[name] ?? 0));
  return leastSquares((point) => target.residualsAt(engineAt(base, names, point)), start, { lower, step, weights: target.weights });
}

interface Elsewhere {
  readonly point: readonly number[];
  /** By how much the sum of squares is larger there. */
  readonly rise: number;
}

/** Where the search ends up when a coefficient is held far off, to either side, and the others make up for it as well as they can. */
function holdFarOff(held: number, found: LeastSquares, residualsAt: ResidualsAt): Elsewhere[] {
  const { point, weights } = found;
  const usual = squaresNear(point, weights, residualsAt);
  const others = point.filter((_, i) => i !== held);
  return [-farOff, farOff].map((by) => {
    const whole = (rest: readonly number[]) => [...rest.slice(0, held), point[held] + by, ...rest.slice(held)];
    const refit = leastSquares((rest) => residualsAt(whole(rest)), others, { step, rounds: 6, huber: Infinity, weights });
    const there = squaresNear(refit.point, weights, (rest) => residualsAt(whole(rest)));
    return { point: whole(refit.point), rise: there - usual };
  });
}

/** A search over simulated times ends in one of many small dips: this is the sum of squares beside them, where places can be compared. */
function squaresNear(point: readonly number[], weights: Float64Array, residualsAt: ResidualsAt): number {
  const near = point.flatMap((_, moved) => [-nearby, nearby].map((by) => point.map((value, i) => (i === moved ? value + by : value))));
  return median(near.map((there) => squares(residualsAt(there), weights)));
}

/**
 * The standard error that these rises suggest. Derivatives of simulated times are noisy, and noise looks like knowledge: this asks the
 * data themselves how much worse they are explained without the coefficient's help.
 */
function errorFrom(elsewhere: readonly Elsewhere[], { scale }: Uncertainty): number {
  const rise = Math.min(...elsewhere.map((place) => place.rise)) / (scale * scale);
  return rise > 0 ? farOff / Math.sqrt(rise) : Infinity;
}

function squares(residuals: Float64Array, weights: Float64Array): number {
  return residuals.reduce((sum, residual, i) => sum + weights[i] * residual * residual, 0);
}
