import { denseTime } from "./dense-time.ts";
import { StepTime, type StepTimeSettings } from "./step-time.ts";

/** What an engine needs to say how much it can serve at most. */
export interface SteadyEngine {
  readonly stepTime: StepTimeSettings;
  readonly maxSequences: number;
  readonly maxBatchedTokens: number;
  readonly kvBlocks: number;
  readonly blockSize: number;
}

export interface SteadyState {
  /** Sequences that decode at a time, in the mean. */
  readonly sequences: number;
  /** Seconds of one iteration. */
  readonly iteration: number;
}

/** Decoding alone with the fullest batch there is room for, each sequence holding `held` tokens; undefined when not one fits. */
export function decodingState({ stepTime, maxSequences, maxBatchedTokens, ...kv }: SteadyEngine, held: number): SteadyState | undefined {
  const sequences = Math.min(maxSequences, maxBatchedTokens, Math.floor(tokensOf(kv) / held));
  if (sequences < 1) return undefined;
  const iteration = new StepTime(stepTime).iteration(sequences, sequences, sequences * held, 0);
  return { sequences, iteration };
}

/**
 * The most requests of `input` and `output` tokens that a replica can serve without end. When every iteration is like the last, n sequences
 * decode, of which n/(output − 1) end and as many prompts are read, so that
 *
 *     rate = n/(output − 1) / t(tokens = n + n·input/(output − 1), KV = n·(input + output/2), pairs = n/(output − 1)·input²/2)
 *
 * for the n with the largest rate that sequences, budget and KV allow. Real batches vary about this mean, so that it is a bound from above
 * that is nearly reached, unless KV is scarce and sequences are evicted.
 */
export function steadyState(
  engine: SteadyEngine,
  input: number,
  output: number,
): (SteadyState & { readonly requestRate: number }) | undefined {
  const { maxSequences, maxBatchedTokens } = engine;
  const time = new StepTime(engine.stepTime);
  const share = 1 / Math.max(1, output - 1);
  const most = Math.min(maxSequences / (1 + share), tokensOf(engine) / (input + output / 2), maxBatchedTokens / (1 + share * input));
  let best: (SteadyState & { requestRate: number }) | undefined;
  // Fewer than one in the mean are served where prompts take several iterations; what holds no sequence at all serves none.
  if (input + output > tokensOf(engine)) return undefined;
  for (let n = Math.min(1, most); n <= most; n++) {
    const prompts = n * share;
    const tokens = Math.round(n + prompts * input);
    // Where fewer than one prompt is read per iteration, some iterations read none.
    const spared = engine.stepTime.promptOverhead * Math.max(0, 1 - prompts);
    const iteration = time.iteration(tokens, n + prompts, n * (input + output / 2), (prompts * input * input) / 2) - spared;
    const requestRate = prompts / iteration;
    if (best === undefined || requestRate > best.requestRate) best = { sequences: n, iteration, requestRate };
  }
  return best;
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
