import { denseTime } from "./dense-time.ts";
import { LowerHull } from "./lower-hull.ts";
import { decodingPace, mostHeldTokens, type Speculation } from "./speculation.ts";
import { StepTime, type StepTimeSettings } from "./step-time.ts";

/** What an engine needs to say how much it can serve at most. */
export interface SteadyEngine {
  readonly stepTime: StepTimeSettings;
  readonly maxSequences: number;
  readonly maxBatchedTokens: number;
  readonly kvBlocks: number;
  readonly blockSize: number;
  readonly speculation?: Speculation | undefined;
}

export interface SteadyState {
  /** Sequences that decode at a time, in the mean. */
  readonly sequences: number;
  /** Seconds of one iteration. */
  readonly iteration: number;
}

/** Decoding alone with the fullest batch there is room for, each sequence holding `held` tokens; undefined when not one fits. */
export function decodingState(engine: SteadyEngine, held: number): SteadyState | undefined {
  const { stepTime, speculation, maxSequences, maxBatchedTokens } = engine;
  const { width, draftTime } = decodingPace(speculation);
  const sequences = Math.min(maxSequences, Math.floor(maxBatchedTokens / width), Math.floor(tokensOf(engine) / held));
  if (sequences < 1) return undefined;
  const iteration = draftTime + new StepTime(stepTime).iteration(sequences * width, sequences, sequences * held, 0);
  return { sequences, iteration };
}

/**
 * The most requests of `input` and `output` tokens that a replica can serve without end, no prefix hit: a bound from above as long as no
 * sequence is evicted, since it holds for any mix of iterations. A request takes `d` iterations to decode and reads its prompt in others
 * with m iterations of the replica for each, in which the sums of what requests bring are what they are. Then one takes at least
 *
 *     m·(overhead + communication + dense(tokens/m)) + communicationPerToken·tokens + perSequence·(d + 1) + perKvToken·Σ KV
 *       + perPrefillPair·input²/2 + promptOverhead·(its share of an iteration full of prompts) + draftTime·d/(most sequences)
 *
 * with the largest convex function below the dense part for `dense`, and the m that makes it least among those that leave sequences,
 * budget and KV enough room. Real batches vary about the mean that this supposes, and do not quite reach it.
 */
export function steadyState(
  engine: SteadyEngine,
  input: number,
  output: number,
): (SteadyState & { readonly requestRate: number }) | undefined {
  const { stepTime, speculation, maxBatchedTokens } = engine;
  const { width, gain, unitsPerToken, draftTime } = decodingPace(speculation);
  const kvTokens = tokensOf(engine);
  const mostSequences = Math.min(engine.maxSequences, Math.floor(maxBatchedTokens / width));
  if (mostSequences < 1 || mostHeldTokens(input, output, speculation) > kvTokens) return undefined;
  const decoding = Math.ceil(((output - 1) * unitsPerToken) / gain);
  const tokens = input + decoding * width;
  const held = decoding * (input + 1 + ((decoding - 1) * gain) / unitsPerToken / 2);
  const mostTokens = Math.min(maxBatchedTokens, kvTokens * width, mostSequences * Math.max(input, width));
  const promptReadings = Math.max(1 / mostSequences, input / mostTokens);
  const fixed =
    stepTime.communicationPerToken * tokens +
    stepTime.perKvToken * held +
    (stepTime.perPrefillPair * input * input) / 2 +
    stepTime.promptOverhead * promptReadings +
    (draftTime * decoding) / mostSequences;

  const dense = denseTime(stepTime);
  const hull = new LowerHull((count) => dense.of(count), mostTokens);
  const secondsAt = (iterations: number): number => {
    // Below zero, the more the faster: in each iteration one sequence can be in the middle of its prompt.
    const sequences = stepTime.perSequence < 0 ? Math.min(mostSequences * iterations, decoding + 1 + iterations) : decoding + 1;
    const each = stepTime.overhead + stepTime.communication + hull.at(tokens / iterations);
    return fixed + iterations * each + stepTime.perSequence * sequences;
  };
  const fewest = Math.max(tokens / mostTokens, (decoding + 1) / mostSequences, (held + input) / kvTokens);
  // Convex and straight between these, so that one of them is the least.
  const corners = hull.xs.map((count) => tokens / count).filter((iterations) => iterations > fewest);
  const turn = (decoding + 1) / Math.max(1, mostSequences - 1);
  let best = { iterations: fewest, seconds: secondsAt(fewest) };
  for (const iterations of turn > fewest && turn < tokens ? [...corners, turn] : corners) {
    const seconds = secondsAt(iterations);
    if (seconds < best.seconds) best = { iterations, seconds };
  }
  const { iterations, seconds } = best;
  return { sequences: decoding / iterations, iteration: seconds / iterations, requestRate: 1 / seconds };
}

function tokensOf({ kvBlocks, blockSize }: Pick<SteadyEngine, "kvBlocks" | "blockSize">): number {
  return kvBlocks * blockSize;
}

/** Tokens in an iteration from which on computing takes longer than reading the weights; undefined where that never begins to matter. */
export function kneeOf(given: StepTimeSettings): number | undefined {
  const { dense, densePerToken, denseFloor, denseBase, expertsFloor, expertShare } = given;
  if (dense !== undefined || densePerToken === 0 || denseFloor + expertsFloor === 0) return undefined;
  const reading = denseTime({ denseFloor, expertsFloor, expertShare, denseBase: 0, densePerToken: 0 });
  const computing = (tokens: number) => denseBase + densePerToken * tokens;
  // All weights are the most that reading can take, and fewer tokens use fewer experts.
  let [low, high] = [0, Math.max(1, Math.ceil((denseFloor + expertsFloor - denseBase) / densePerToken))];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (computing(middle) >= reading.of(middle)) high = middle;
    else low = middle;
  }
  return high;
}
