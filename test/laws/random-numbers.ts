import * as fc from "fast-check";

/** A feature that is off in half of the systems, so that every mix of features is met. */
export const sometimes = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(of, { nil: undefined, freq: 2 });

/** Every time has an odd rest of its own, so that moments coincide only where the same things happened to two requests. */
export const rests = Array.from({ length: 400 }, (_, i) => Math.sqrt(i + 2) % 1).filter((rest) => rest > 0);

export const seconds = (rest: number, min: number, max: number): fc.Arbitrary<number> =>
  fc.integer({ min: min * 10, max: max * 10 }).map((tenths) => tidy(tenths / 10 + rests[rest] / 100));

export const tidy = (value: number): number => Number(value.toFixed(9));
