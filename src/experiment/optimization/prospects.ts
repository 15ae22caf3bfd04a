import { studentQuantile } from "../student.ts";

/** What a verdict rests on. */
export interface Bar {
  /** Replications that it is given on, and how sure it must be. */
  readonly replications: number;
  readonly confidence: number;
  /** Half the interval of a mean, in standard deviations of the replications. */
  readonly halfWidth: number;
}

export function barOf(replications: number, confidence: number): Bar {
  const quantile = replications < 2 ? 0 : studentQuantile((1 + confidence) / 2, replications - 1);
  return { replications, confidence, halfWidth: quantile / Math.sqrt(replications) };
}

/** No more of an error budget can be left than all of it. */
const all = 1;

/**
 * The highest lower end that the interval of an objective's budget can still have, if the replications yet to come miss nothing
 * more than they must. Below 0 the objective cannot be met any more, whatever comes.
 * @param known budgets left in the replications so far, at least one
 */
export function bestLowerEnd(known: readonly number[], { replications, halfWidth }: Bar): number {
  const missing = replications - known.length;
  if (missing === 0) return lowerEnd(known, halfWidth);
  return highest(Math.min(...known), all, (rest) => lowerEnd([...known, ...Array.from({ length: missing }, () => rest)], halfWidth));
}

/**
 * The same for any plan that leaves no more of the budget in any replication. The lower end is concave and treats replications
 * alike, so where each is bounded from above it is highest when all that could be higher than some level are at this level.
 */
export function bestLowerEndBelow(known: readonly number[], { replications, halfWidth }: Bar): number {
  const bounds = [...known, ...Array.from({ length: replications - known.length }, () => all)];
  const levels = [...new Set(bounds)].toSorted((a, b) => a - b);
  const at = (level: number): number =>
    lowerEnd(
      bounds.map((bound) => Math.min(bound, level)),
      halfWidth,
    );
  const pieces = levels.slice(1).map((level, i) => highest(levels[i], level, at));
  return Math.max(at(levels[0]), ...pieces);
}

function lowerEnd(values: readonly number[], halfWidth: number): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length < 2) return mean;
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  return mean - halfWidth * Math.sqrt(squares / (values.length - 1));
}

/** The highest value of a concave function between two ends, by golden ratio's poorer cousin: thirds. */
function highest(from: number, to: number, of: (at: number) => number): number {
  let [low, high] = [from, to];
  for (let i = 0; i < 60; i++) {
    const third = (high - low) / 3;
    if (of(low + third) < of(high - third)) low += third;
    else high -= third;
  }
  return Math.max(of(from), of(to), of((low + high) / 2));
}
