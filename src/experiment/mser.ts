/** Observations in a batch. */
const size = 5;
/** Batches at the end that are never alone what is left: a standard error of fewer says little. */
const fewestLeft = 5;

/** So many observations, or what is cut cannot be told from what is left. */
const fewest = 2 * fewestLeft * size;

/**
 * How many observations to cut off the beginning of a series by MSER-5: the means of batches of five are cut where the marginal standard
 * error of those left, their sum of squared deviations over the square of their number, is least; of equals where least is cut.
 * Undefined where that is beyond half of the batches, so that the series is not seen to become steady, and of fewer than 50 observations.
 * Source: White, Cobb and Spratt, A Comparison of Five Steady-State Truncation Heuristics for Simulation, WSC 2000.
 */
export function mser5(values: readonly number[]): number | undefined {
  if (values.length < fewest) return undefined;
  const batches = Math.floor(values.length / size);
  let [left, mean, squares] = [0, 0, 0];
  let best = { error: Infinity, cut: batches };
  for (let cut = batches - 1; cut >= 0; cut--) {
    const batch = batchMean(values, cut);
    const off = batch - mean;
    left++;
    mean += off / left;
    squares += off * (batch - mean);
    const error = squares / (left * left);
    if (left >= fewestLeft && error <= best.error) best = { error, cut };
  }
  return best.cut > batches / 2 ? undefined : best.cut * size;
}

function batchMean(values: readonly number[], batch: number): number {
  let sum = 0;
  for (let i = batch * size; i < (batch + 1) * size; i++) sum += values[i];
  return sum / size;
}
