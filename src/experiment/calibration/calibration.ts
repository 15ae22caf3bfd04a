import type { BatchSettings } from "../../serving/replica/continuous-batch.ts";
import type { CoefficientName } from "../../serving/replica/step-time.ts";
import type { Floors } from "./coefficients.ts";
import type { Errors } from "./errors.ts";
import type { FittedCoefficient } from "./fit.ts";
import type { Choice } from "./identifiability.ts";

/** What a calibration starts from. */
export interface CalibrationBase {
  readonly engine: BatchSettings;
  /** The coefficients that are fitted; the others stay as they are. Each must be above 0. */
  readonly names: readonly CoefficientName[];
  readonly floors: Floors;
  /** Unless given, the coefficients are those that are usual. */
  readonly choice?: Choice;
  /** Name of what was measured, for messages. */
  readonly file: string;
}

/** Errors over a part of what was measured, and whether the fit had seen it. */
export interface Part {
  readonly name: string;
  readonly heldOut: boolean;
  readonly errors: Errors;
}

/** An engine that was fitted, and how far it is from what was measured. */
export interface Calibration {
  readonly engine: BatchSettings;
  readonly coefficients: readonly FittedCoefficient[];
  readonly parts: readonly Part[];
  /** Medians of the absolute relative errors of what was held out, the largest where that was done in several ways. */
  readonly error: { readonly ttft: number; readonly tpot: number };
  /** What was fitted to what, and what was held out, in a sentence without its full stop. */
  readonly method: string;
}

/** The honest error of the parts. */
export function heldOutError(parts: readonly Part[]): Calibration["error"] {
  const held = parts.filter(({ heldOut }) => heldOut).map(({ errors }) => errors);
  return { ttft: Math.max(...held.map(({ ttft }) => ttft.median)), tpot: Math.max(...held.map(({ tpot }) => tpot.median)) };
}
