import type { BatchSettings } from "../../serving/replica/continuous-batch.ts";

/** Measured times that an engine should reproduce. */
export interface Target {
  /** Logarithms of simulated over measured times. */
  residualsAt(settings: BatchSettings): Float64Array;
  /** How much each residual counts; 0 leaves it out. */
  readonly weights: Float64Array;
  /** A number for each residual: those with the same number err alike, so that together they tell little more than one does. */
  readonly clusters: Int32Array;
}
