import * as z from "zod";
import { settings, share } from "../base/settings.ts";
import { type Mistake, mistakesOf } from "./document/mistake.ts";

/** How far a profile is from what was measured and had no part in making it: medians of absolute relative errors. */
export interface ProfileError {
  /** Of the time per output token; 0.02 is 2 %. */
  readonly tpot?: number | undefined;
  /** Of the time to first token. */
  readonly ttft?: number | undefined;
  readonly text: string;
}

const medians = settings({
  tpot: share({ min: 0, max: 10 }).optional(),
  ttft: share({ min: 0, max: 10 }).optional(),
  text: z.string().describe("what the error is of, in words"),
});
const written = z
  .union([z.string(), medians], { error: "must be a text, or { tpot, ttft, text }" })
  .meta({ examples: ["{ tpot: 2.1%, ttft: 6%, text: held-out rows of the same card }"] });

/** What a profile of models/ says about its error: a sentence, or `{ tpot: 2.1%, ttft: 6%, text: … }`; undefined where it says nothing. */
export function profileError(error: unknown): ProfileError | undefined {
  if (error === undefined) return undefined;
  return typeof error === "string" ? { text: error } : medians.parse(error);
}

/** What is wrong with an error as a profile has it, at paths below it. */
export function errorMistakes(error: unknown): Mistake[] {
  if (error === undefined) return [];
  const decoded = z.safeDecode(written, error as z.input<typeof written>);
  return decoded.success ? [] : mistakesOf(decoded.error.issues, error, written);
}
