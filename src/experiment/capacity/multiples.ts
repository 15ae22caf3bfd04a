import { log, power } from "../../kernel/elementary.ts";

/** The smallest multiple that is tried is this power of a half. */
const halvings = 6;

/**
 * Multiples on a geometric grid, by whole numbers: 0 stands for 1, and `octave` more for twice as much. Equal factors are so equal
 * numbers, however they were come to.
 */
export interface Multiples {
  readonly octave: number;
  /** Of the smallest and the largest multiple. */
  readonly least: number;
  readonly largest: number;
  readonly at: (step: number) => number;
}

/**
 * @param resolution share by which neighbours differ at most, above 0
 * @param upTo the largest multiple, above 1; where it lies between two of the grid it takes the place of the upper one
 */
export function multiples(resolution: number, upTo: number): Multiples {
  const octave = Math.ceil(log(2) / log(1 + resolution));
  const largest = Math.ceil((octave * log(upTo)) / log(2) - 1e-9);
  const digits = 2 + Math.ceil(-log(resolution) / log(10) - 1e-9);
  return {
    octave,
    least: -halvings * octave,
    largest,
    at: (step) => (step === largest ? upTo : Number(power(2, step / octave).toPrecision(digits))),
  };
}

/** How far from where the break is looked for the next multiple lies: by a twentieth or so, and more the coarser the grid. */
export function firstStepOf({ octave }: Multiples): number {
  return Math.max(1, Math.round(octave / 16));
}
