import { power } from "../../kernel/elementary.ts";
import { resized } from "../../kernel/slots.ts";
import type { StepTimeSettings } from "./step-time.ts";

/** Time of the dense part of an iteration, in seconds, by the tokens in it, at least 1. */
export interface DenseTime {
  of(tokens: number): number;
}

type DenseSettings = Pick<StepTimeSettings, "denseFloor" | "denseBase" | "densePerToken" | "expertsFloor" | "expertShare" | "dense">;

export function denseTime(given: DenseSettings): DenseTime {
  if (given.dense !== undefined) return new Remembered(interpolated(given.dense));
  if (given.expertsFloor > 0) return new Remembered(mixtureOfExperts(given));
  return new Hinge(given);
}

/** Weights are read once however few tokens there are; from some number of tokens on, computing takes longer than that. */
class Hinge implements DenseTime {
  private readonly floor: number;
  private readonly base: number;
  private readonly perToken: number;

  constructor({ denseFloor, denseBase, densePerToken }: DenseSettings) {
    this.floor = denseFloor;
    this.base = denseBase;
    this.perToken = densePerToken;
  }

  of(tokens: number): number {
    return Math.max(this.floor, this.base + this.perToken * tokens);
  }
}

/**
 * Of the experts only those that some token uses are read. When tokens choose independently, `tokens` of them use the share
 * 1 − (1 − expertShare)^tokens of all experts in the mean.
 */
function mixtureOfExperts({ denseFloor, denseBase, densePerToken, expertsFloor, expertShare }: DenseSettings) {
  return (tokens: number): number => {
    const used = 1 - power(1 - expertShare, tokens);
    return Math.max(denseFloor + expertsFloor * used, denseBase + densePerToken * tokens);
  };
}

/** Straight lines through a table's points, of which none is lower than the one before; it begins level and goes on as it ended. */
function interpolated(points: readonly (readonly [tokens: number, seconds: number])[]) {
  // Settings may be asked what they take while it is being found out that they are wrong.
  if (points.length === 0) return () => NaN;
  return (tokens: number): number => {
    if (points.length === 1 || tokens <= points[0][0]) return points[0][1];
    const found = points.findIndex(([upTo]) => tokens <= upTo);
    const after = found === -1 ? points.length - 1 : found;
    const [[fromTokens, from], [toTokens, to]] = [points[after - 1], points[after]];
    const slope = (to - from) / (toTokens - fromTokens);
    return found === -1 ? to + slope * (tokens - toTokens) : from + slope * (tokens - fromTokens);
  };
}

/** A function of few whole numbers that costs more than looking it up. */
class Remembered implements DenseTime {
  private readonly compute: (tokens: number) => number;
  private known = new Float64Array(64).fill(NaN);

  constructor(compute: (tokens: number) => number) {
    this.compute = compute;
  }

  of(tokens: number): number {
    // Iterations have whole tokens; a mean over many may not.
    if (!Number.isInteger(tokens)) return this.compute(tokens);
    while (tokens >= this.known.length) this.known = resized(this.known, this.known.length * 2).fill(NaN, this.known.length);
    const seconds = this.known[tokens];
    return Number.isNaN(seconds) ? (this.known[tokens] = this.compute(tokens)) : seconds;
  }
}
