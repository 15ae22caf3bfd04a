/**
 * Elementary functions from additions, multiplications, divisions and square roots alone, which every engine rounds alike. Those of `Math`
 * differ in their last digits from one engine, and from one version of it, to the next, and a simulation must give the same bytes in all.
 * Exponential and logarithm follow the algorithms of fdlibm (Sun Microsystems, 1993: e_exp.c and e_log.c), with errors below one unit in
 * the last place; the rest is made of them.
 */

/** The logarithm of two in two parts, of which the first has zeros at its end, so that multiples of it are exact. */
const ln2High = 6.9314718036912381649e-1;
const ln2Low = 1.90821492927058770002e-10;

const lowestExponent = -1074;
/** Powers of two from 2^-1074 on, each exact. */
const powersOfTwo = new Float64Array(1023 - lowestExponent + 1);
powersOfTwo[-lowestExponent] = 1;
for (let i = 1 - lowestExponent; i < powersOfTwo.length; i++) powersOfTwo[i] = powersOfTwo[i - 1] * 2;
for (let i = -lowestExponent - 1; i >= 0; i--) powersOfTwo[i] = powersOfTwo[i + 1] / 2;

export function exp(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x > 709.782712893384) return Infinity;
  if (x < -745.1332191019411) return 0;
  // x = k ln 2 + r with |r| below half of ln 2, and e^r by a rational approximation.
  const k = Math.floor(x * Math.LOG2E + 0.5);
  const high = x - k * ln2High;
  const low = k * ln2Low;
  const r = high - low;
  const t = r * r;
  const c =
    r -
    t *
      (1.66666666666666019037e-1 +
        t *
          (-2.77777777770155933842e-3 + t * (6.61375632143793436117e-5 + t * (-1.6533902205465251539e-6 + t * 4.13813679705723846039e-8))));
  const y = 1 - (low - (r * c) / (2 - c) - high);
  if (k > 1023) return y * 2 * powersOfTwo[1023 - lowestExponent];
  if (k >= -1022) return y * powersOfTwo[k - lowestExponent];
  // Rounded once, at the last step.
  return y * powersOfTwo[-1022 - lowestExponent] * powersOfTwo[k + 1022 - lowestExponent];
}

const bits = new DataView(new ArrayBuffer(8));

/** The natural logarithm: NaN of what is below 0, -Infinity of 0. */
export function log(x: number): number {
  if (x === 0) return -Infinity;
  if (!(x > 0)) return NaN;
  if (x === Infinity) return Infinity;
  if (x < 2.2250738585072014e-308) return log(x * 18_014_398_509_481_984) - 54 * ln2High - 54 * ln2Low;
  // x = 2^k (1 + f) with 1 + f between the square roots of one half and of two.
  bits.setFloat64(0, x);
  const word = bits.getInt32(0);
  let k = (word >> 20) - 1023;
  bits.setInt32(0, (word & 0xfffff) | 0x3ff00000);
  let mantissa = bits.getFloat64(0);
  if (mantissa > Math.SQRT2) {
    mantissa /= 2;
    k++;
  }
  const f = mantissa - 1;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even = w * (3.999999999940941908e-1 + w * (2.222219843214978396e-1 + w * 1.531383769920937332e-1));
  const odd = z * (6.66666666666673513e-1 + w * (2.857142874366239149e-1 + w * (1.818357216161805012e-1 + w * 1.479819860511658591e-1)));
  const half = 0.5 * f * f;
  return k * ln2High - (half - (s * (half + even + odd) + k * ln2Low) - f);
}

/** The logarithm of 1 + x, without the loss that the sum has where x is small. For x from 0 on, finite. */
export function log1p(x: number): number {
  const sum = 1 + x;
  // What rounding took from the sum is given back in proportion.
  return sum === 1 ? x : (log(sum) * x) / (sum - 1);
}

/** A power of a number that is not negative, within some units in the last place. */
export function power(base: number, exponent: number): number {
  return base === 0 ? Number(exponent === 0) : exp(exponent * log(base));
}

/** The logarithm of the gamma function, for x above 0, by Stirling's series from 10 on. Relative error below 1e-13. */
export function logGamma(x: number): number {
  let product = 1;
  let shifted = x;
  for (; shifted < 10; shifted++) product *= shifted;
  const inverse = 1 / shifted;
  const square = inverse * inverse;
  const series =
    inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square * (1 / 1188 - square * (691 / 360_360))))));
  return (shifted - 0.5) * log(shifted) - shifted + 0.5 * log(2 * Math.PI) + series - log(product);
}

/** The angle whose tangent is x, in radians, for x from 0 on. */
export function arctangent(x: number): number {
  // The tangent of half the angle, until the series is short.
  if (x > 0.1) return 2 * arctangent(x / (1 + Math.sqrt(1 + x * x)));
  const square = x * x;
  let sum = 0;
  for (let n = 17; n >= 1; n -= 2) sum = 1 / n - square * sum;
  return x * sum;
}
