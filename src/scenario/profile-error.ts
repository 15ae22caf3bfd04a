import * as z from "zod";
import { settings, share } from "../base/settings.ts";

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
  text: z.string(),
});

/** What a profile of models/ says about its error: a sentence, or `{ tpot: 2.1%, ttft: 6%, text: … }`; undefined where it says nothing. */
export function profileError(written: unknown): ProfileError | undefined {
  if (written === undefined) return undefined;
  return typeof written === "string" ? { text: written } : medians.parse(written);
}
