import { exp } from "../../kernel/elementary.ts";
import type { BatchSettings } from "../../serving/replica/continuous-batch.ts";
import type { CoefficientName, StepTimeSettings } from "../../serving/replica/step-time.ts";

/**
 * Coefficients that are fitted unless others are named. The floor is not among them: most iterations tell only its sum with the overhead,
 * and the time to read the weights is known from the hardware.
 */
export const usualCoefficients = ["overhead", "densePerToken", "perSequence", "perKvToken", "perPrefillPair"] as const;

/**
 * Coefficients that are fitted, where they are above 0, when the base is derived: its floor and the time that each prompt adds are guesses
 * of the same kind as the others, and they make most of an iteration.
 */
export const derivedCoefficients = ["denseFloor", "densePerToken", "perKvToken", "promptOverhead"] as const;

/** Seconds below which a coefficient may not go, because the hardware could not; 0 for those without one. */
export type Floors = Readonly<Partial<Record<CoefficientName, number>>>;

/** Digits that a fitted coefficient keeps: more are noise, and a profile is read by people. */
const digits = 4;

/** The same engine with other coefficients. Those that are fitted are logarithms at a point of the search. */
export function engineAt(base: BatchSettings, names: readonly CoefficientName[], point: readonly number[]): BatchSettings {
  return withCoefficients(base, Object.fromEntries(names.map((name, i) => [name, exp(point[i])])));
}

/** The engine that is reported for a point: rounded, but to nothing below its floor. */
export function roundedEngineAt(
  base: BatchSettings,
  names: readonly CoefficientName[],
  point: readonly number[],
  floors: Floors,
): BatchSettings {
  const rounded = names.map((name, i) => {
    const value = Number(exp(point[i]).toPrecision(digits));
    const floor = floors[name] ?? 0;
    return [name, value >= floor ? value : ceiling(floor)] as const;
  });
  return withCoefficients(base, Object.fromEntries(rounded));
}

function ceiling(value: number): number {
  const rounded = Number(value.toPrecision(digits));
  return rounded >= value ? rounded : Number((value * (1 + Number(`1e-${digits - 1}`))).toPrecision(digits));
}

function withCoefficients(base: BatchSettings, coefficients: Partial<StepTimeSettings>): BatchSettings {
  return { ...base, stepTime: { ...base.stepTime, ...coefficients } };
}
