/**
 * A power of a number that is not negative, within some units in the last place. Node and Chromium disagree on the last digits of
 * `Math.pow`, but agree on those of `exp` and `log`, and a simulation must give the same bytes in both.
 */
export function power(base: number, exponent: number): number {
  return base === 0 ? Number(exponent === 0) : Math.exp(exponent * Math.log(base));
}
