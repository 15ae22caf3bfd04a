import { median } from "simple-statistics";
import { log } from "../../kernel/elementary.ts";
import type { BatchSettings } from "../../serving/replica/continuous-batch.ts";
import type { CoefficientName } from "../../serving/replica/step-time.ts";
import { engineAt, type Floors, roundedEngineAt } from "./coefficients.ts";
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
  /** The other coefficient that makes up for most of it when it is held far off; undefined where none does. */
  readonly standIn: CoefficientName | undefined;
}

export interface Fit {
  readonly engine: BatchSettings;
  readonly coefficients: readonly FittedCoefficient[];
}

/**
 * Derivatives are taken over a fifth to either side, and then over a tenth from where that has led. A finer step would measure which
 * iteration a request happens to join: simulated times are steps rather than slopes when looked at closely.
 */
const coarse = 0.2;
const fine = 0.1;

/** A factor of e, to either side: what cannot be told from a coefficient that is so far off is not known from the data. */
const farOff = 1;

/**
 * A search over simulated times ends in one of many small dips, and standard errors, made for smooth sums of squares, know nothing of that.
 * Fitted to synthetic runs whose coefficients are known, coefficients were off by so many standard errors, root mean square.
 */
const roughness = 1.5;

/** Too near for the sum of squares to change for a reason. */
const nearby = 0.01;

/** How often the search begins anew when holding a coefficient far off has led to a better place than the one it had found. */
const restarts = 1;

/** Fits the named coefficients of an engine, which must be above 0, to what was measured; the others stay. */
export function fitCoefficients(base: BatchSettings, names: readonly CoefficientName[], target: Target, floors: Floors): Fit {
  const residualsAt = (point: readonly number[]) => target.residualsAt(engineAt(base, names, point));
  let found = search(base, names, target, floors, startOf(base, names));
  const lower = lowerBounds(names, floors);
  let elsewhere = names.map((_, i) => holdFarOff(i, found, residualsAt, lower));
  for (let again = 0; again < restarts; again++) {
    const [best] = elsewhere.flat().sort((a, b) => a.rise - b.rise);
    if (best === undefined || best.rise >= 0) break;
    found = search(base, names, target, floors, best.point);
    elsewhere = names.map((_, i) => holdFarOff(i, found, residualsAt, lower));
  }
  const uncertainty = uncertaintyOf(found, target.weights, target.clusters);
  const engine = roundedEngineAt(base, names, found.point, floors);
  return {
    engine,
    coefficients: names.map((name, i) => ({
      name,
      base: base.stepTime[name],
      value: engine.stepTime[name],
      standardError: found.bound[i] ? NaN : roughness * Math.max(uncertainty.standardErrors[i], errorFrom(elsewhere[i], uncertainty)),
      atFloor: found.bound[i],
      largestShare: Math.max(...found.jacobian[i].map(Math.abs)),
      standIn: names[standIn(i, elsewhere[i], found)],
    })),
  };
}

/**
 * The engine alone, without the question how well the data tell it: what they cannot tell stays near the base, since one more residual for
 * each coefficient draws it there as weakly as a single measured time.
 */
export function fittedEngine(base: BatchSettings, names: readonly CoefficientName[], target: Target, floors: Floors): BatchSettings {
  const start = startOf(base, names);
  const drawn: Target = {
    ...target,
    weights: Float64Array.from([...target.weights, ...names.map(() => 1)]),
    residualsAt: (engine) => {
      const away = startOf(engine, names).map((value, i) => (value - start[i]) * usualError);
      return Float64Array.from([...target.residualsAt(engine), ...away]);
    },
  };
  return roundedEngineAt(base, names, search(base, names, drawn, floors, start).point, floors);
}

/** The share of a time that a fit usually misses it by. */
const usualError = 0.03;

function startOf({ stepTime }: BatchSettings, names: readonly CoefficientName[]): number[] {
  return names.map((name) => log(stepTime[name]));
}

function lowerBounds(names: readonly CoefficientName[], floors: Floors): number[] {
  return names.map((name) => log(floors[name] ?? 0));
}

function search(
  base: BatchSettings,
  names: readonly CoefficientName[],
  target: Target,
  floors: Floors,
  start: readonly number[],
): LeastSquares {
  const lower = lowerBounds(names, floors);
  const residualsAt: ResidualsAt = (point) => target.residualsAt(engineAt(base, names, point));
  const near = leastSquares(residualsAt, start, { lower, step: coarse, weights: target.weights });
  return leastSquares(residualsAt, near.point, { lower, step: fine, weights: target.weights });
}

interface Elsewhere {
  readonly point: readonly number[];
  /** By how much the sum of squares is larger there. */
  readonly rise: number;
}

/** Where the search ends up when a coefficient is held far off, to either side, and the others make up for it as well as they can. */
function holdFarOff(held: number, found: LeastSquares, residualsAt: ResidualsAt, lower: readonly number[]): Elsewhere[] {
  const { point, weights } = found;
  const usual = squaresNear(point, weights, residualsAt);
  const without = (values: readonly number[]) => values.filter((_, i) => i !== held);
  const possible = [-farOff, farOff].filter((by) => point[held] + by >= lower[held]);
  return possible.map((by) => {
    const whole = (rest: readonly number[]) => [...rest.slice(0, held), point[held] + by, ...rest.slice(held)];
    const options = { lower: without(lower), step: fine, rounds: 6, huber: Infinity, weights };
    const refit = leastSquares((rest) => residualsAt(whole(rest)), without(point), options);
    const place = whole(refit.point);
    return { point: place, rise: squaresNear(place, weights, residualsAt) - usual };
  });
}

/** Which coefficient has changed the times most in making up for one that is held far off; −1 where none has to speak of. */
function standIn(held: number, elsewhere: readonly Elsewhere[], { point, jacobian }: LeastSquares): number {
  const [likeliest] = [...elsewhere].sort((a, b) => a.rise - b.rise);
  if (likeliest === undefined) return -1;
  const effects = point.map((value, i) => {
    const size = Math.sqrt(jacobian[i].reduce((sum, slope) => sum + slope * slope, 0) / jacobian[i].length);
    return i === held ? 0 : Math.abs(likeliest.point[i] - value) * size;
  });
  const most = Math.max(...effects);
  return most > leastEffect ? effects.indexOf(most) : -1;
}

/** A coefficient that changes times by less than this share makes up for nothing. */
const leastEffect = 0.002;

/** The sum of squares beside the dip that a search has ended in, where places can be compared. */
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
