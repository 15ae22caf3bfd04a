import * as z from "zod";
import { mapValues } from "../../base/records.ts";
import { count, duration, issue, settings, share } from "../../base/settings.ts";
import { denseTime, type DenseTime } from "./dense-time.ts";

/** A coefficient that a regression may put below zero; the time of an iteration may not be. */
const anyDuration = () => duration({});

/** Coefficients of the time of one iteration, in seconds (design §3.2). */
export const stepTimeSettings = settings({
  overhead: duration().prefault(0).describe("host work of every iteration"),
  denseFloor: duration().prefault(0).describe("time to read the weights once: the dense part cannot be shorter"),
  denseBase: anyDuration().prefault(0).describe("constant of the dense part above its floor"),
  densePerToken: duration().prefault(0).describe("dense part per token in the batch, read or decoded"),
  expertsFloor: duration().prefault(0).describe("time to read the weights of all experts once, added to the floor as far as they are used"),
  expertShare: share({ above: 0, max: 1 }).prefault(1).describe("share of the experts that one token uses"),
  dense: z
    .array(z.tuple([count({ min: 1, whole: true }), duration({ above: 0 })]))
    .min(1)
    .optional()
    .describe("instead of denseFloor to expertShare: [tokens, time] in ascending order, straight lines between"),
  perSequence: anyDuration().prefault(0).describe("per sequence in the batch"),
  perKvToken: duration().prefault(0).describe("attention of decoding, per token held in KV"),
  perPrefillPair: duration().prefault(0).describe("attention of prefill, per pair of tokens"),
  promptOverhead: duration().prefault(0).describe("host work of every iteration that reads prompts, beside overhead"),
  communication: duration().prefault(0).describe("between the GPUs of the replica, for every iteration"),
  communicationPerToken: duration().prefault(0).describe("between the GPUs of the replica, per token in the batch"),
}).superRefine((value, context) => {
  const { dense } = value;
  if (dense !== undefined && (["denseFloor", "denseBase", "densePerToken", "expertsFloor"] as const).some((key) => value[key] !== 0)) {
    issue(context, "contradiction", "has a table of the dense part and its coefficients", { path: ["dense"], hint: "give one of them" });
  }
  const disorder = dense?.findIndex(([tokens], i) => i > 0 && tokens <= dense[i - 1][0]) ?? -1;
  if (disorder >= 0) {
    issue(context, "contradiction", "the token counts must ascend", {
      path: ["dense", disorder],
      hint: "sort the rows, one for each count",
    });
    return;
  }
  if (new StepTime(value).iteration(1, 1, 0, 0) === 0) {
    issue(context, "out-of-range", "an iteration would take no time", { hint: "give at least overhead, denseFloor or densePerToken" });
  }
});

export type StepTimeSettings = z.infer<typeof stepTimeSettings>;

/** Those of them that are times. */
export const coefficientNames = [
  "overhead",
  "denseFloor",
  "expertsFloor",
  "denseBase",
  "densePerToken",
  "perSequence",
  "perKvToken",
  "perPrefillPair",
  "promptOverhead",
  "communication",
  "communicationPerToken",
] as const satisfies readonly (keyof StepTimeSettings)[];

export type CoefficientName = (typeof coefficientNames)[number];

/** The same law with every time longer by a factor. */
export function lengthened(given: StepTimeSettings, by: number): StepTimeSettings {
  const { dense, expertShare: _, ...times } = given;
  const longer = { ...given, ...mapValues(times, (seconds) => seconds * by) };
  return dense === undefined ? longer : { ...longer, dense: dense.map(([tokens, seconds]) => [tokens, seconds * by]) };
}

/**
 * The time of one iteration:
 *
 *     overhead + dense(tokens) + perSequence·sequences + perKvToken·kvTokens + perPrefillPair·pairs
 *              + communication + communicationPerToken·tokens + (promptOverhead where prompts are read)
 *
 * Engines replay the kernels of an iteration that only decodes as one graph, but launch those of others one by one.
 * While the same sequences only decode, their KV grows by a constant each iteration, so that the time of successive iterations
 * rises by a constant and the time of many has a closed form.
 */
export class StepTime {
  private readonly constant: number;
  private readonly dense: DenseTime;
  private readonly perSequence: number;
  private readonly perKvToken: number;
  private readonly perPrefillPair: number;
  private readonly promptOverhead: number;
  private readonly perToken: number;

  constructor(given: StepTimeSettings) {
    this.constant = given.overhead + given.communication;
    this.dense = denseTime(given);
    this.perSequence = given.perSequence;
    this.perKvToken = given.perKvToken;
    this.perPrefillPair = given.perPrefillPair;
    this.promptOverhead = given.promptOverhead;
    this.perToken = given.communicationPerToken;
  }

  /**
   * @param tokens read and decoded in this iteration
   * @param kvTokens sum over the decoding sequences of the tokens their KV holds in it
   * @param prefillPairs sum over prompt chunks of c·(s + c/2), for c tokens after s
   */
  iteration(tokens: number, sequences: number, kvTokens: number, prefillPairs: number): number {
    const { constant, perToken, perSequence, perKvToken, perPrefillPair } = this;
    const dense = this.dense.of(tokens) + perToken * tokens;
    const prompts = prefillPairs > 0 ? this.promptOverhead : 0;
    return constant + prompts + dense + perSequence * sequences + perKvToken * kvTokens + perPrefillPair * prefillPairs;
  }

  /**
   * Time of so many iterations that differ only in their KV.
   * @param first time of the first of them
   * @param growth tokens that KV gains with each
   */
  sum(iterations: number, first: number, growth: number): number {
    return iterations * first + this.perKvToken * growth * ((iterations * (iterations - 1)) / 2);
  }

  /**
   * The fewest such iterations that take at least `elapsed` seconds, at least 1: the root of the quadratic, set right by a step
   * where rounding has moved it.
   */
  iterationsUntil(elapsed: number, first: number, growth: number): number {
    if (elapsed <= first) return 1;
    const slope = this.perKvToken * growth;
    const linear = first - slope / 2;
    const discriminant = Math.sqrt(linear * linear + 2 * slope * elapsed);
    // Of the two ways to write the root, the one that does not subtract what is nearly equal.
    const root = linear > 0 ? (2 * elapsed) / (linear + discriminant) : (discriminant - linear) / slope;
    let fewest = Math.max(1, Math.ceil(root));
    while (fewest > 1 && this.sum(fewest - 1, first, growth) >= elapsed) fewest--;
    while (this.sum(fewest, first, growth) < elapsed) fewest++;
    return fewest;
  }
}
