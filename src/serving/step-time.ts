import type { z } from "zod";
import { duration, issue, settings } from "../base/settings.ts";

/** Coefficients of the time of one iteration, in seconds (design §3.2). */
export const stepTimeSettings = settings({
  overhead: duration().prefault(0).describe("host work of every iteration"),
  denseFloor: duration().prefault(0).describe("time to read the weights once: the dense part cannot be shorter"),
  denseBase: duration().prefault(0).describe("constant of the dense part above its floor"),
  densePerToken: duration().prefault(0).describe("dense part per token in the batch, read or decoded"),
  perSequence: duration().prefault(0).describe("per sequence in the batch"),
  perKvToken: duration().prefault(0).describe("attention of decoding, per token held in KV"),
  perPrefillPair: duration().prefault(0).describe("attention of prefill, per pair of tokens"),
}).superRefine((value, context) => {
  if (value.overhead + Math.max(value.denseFloor, value.denseBase) + value.densePerToken + value.perSequence === 0) {
    issue(context, "out-of-range", "an iteration would take no time", { hint: "give at least overhead, denseFloor or densePerToken" });
  }
});

export type StepTimeSettings = z.infer<typeof stepTimeSettings>;

/**
 * The time of one iteration:
 *
 *     overhead + max(denseFloor, denseBase + densePerToken·tokens) + perSequence·sequences + perKvToken·kvTokens + perPrefillPair·pairs
 *
 * While the same sequences only decode, their KV grows by one token each, so that the time of successive iterations rises by
 * a constant and the time of many has a closed form.
 */
export class StepTime {
  private readonly overhead: number;
  private readonly denseFloor: number;
  private readonly denseBase: number;
  private readonly densePerToken: number;
  private readonly perSequence: number;
  private readonly perKvToken: number;
  private readonly perPrefillPair: number;

  constructor(given: StepTimeSettings) {
    this.overhead = given.overhead;
    this.denseFloor = given.denseFloor;
    this.denseBase = given.denseBase;
    this.densePerToken = given.densePerToken;
    this.perSequence = given.perSequence;
    this.perKvToken = given.perKvToken;
    this.perPrefillPair = given.perPrefillPair;
  }

  /**
   * @param tokens read and decoded in this iteration
   * @param kvTokens sum over the decoding sequences of the tokens their KV holds in it
   * @param prefillPairs sum over prompt chunks of c·(s + c/2), for c tokens after s
   */
  iteration(tokens: number, sequences: number, kvTokens: number, prefillPairs: number): number {
    const dense = Math.max(this.denseFloor, this.denseBase + this.densePerToken * tokens);
    return this.overhead + dense + this.perSequence * sequences + this.perKvToken * kvTokens + this.perPrefillPair * prefillPairs;
  }

  /** Time of `count` iterations in which the same `decoding` sequences each gain a token; `kvTokens` is of the first. */
  decoding(count: number, decoding: number, kvTokens: number): number {
    const first = this.iteration(decoding, decoding, kvTokens, 0);
    return count * first + this.perKvToken * decoding * ((count * (count - 1)) / 2);
  }

  /**
   * The fewest such iterations that take at least `elapsed` seconds, at least 1: the root of the quadratic, set right by a step
   * where rounding has moved it.
   */
  iterationsUntil(elapsed: number, decoding: number, kvTokens: number): number {
    const first = this.iteration(decoding, decoding, kvTokens, 0);
    const slope = this.perKvToken * decoding;
    const linear = first - slope / 2;
    const root = (2 * elapsed) / (linear + Math.sqrt(linear * linear + 2 * slope * elapsed));
    let count = Math.max(1, Math.ceil(root));
    while (count > 1 && this.decoding(count - 1, decoding, kvTokens) >= elapsed) count--;
    while (this.decoding(count, decoding, kvTokens) < elapsed) count++;
    return count;
  }
}
