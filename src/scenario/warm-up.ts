import * as z from "zod";
import { duration, shorthands } from "../base/settings.ts";

/** What stands in a scenario whose warm-up is to be found: see `DecodedScenario.warmup`. */
export const automatic = "auto";

const written = z.union([z.string(), z.number()], { error: "must be a duration, or auto" });
const length = duration();

/** Seconds; 0 as long as it is to be found, so that all that knows a warm-up knows a number. */
export const warmupSettings = z.codec(written, length, {
  decode: (input) => (input === automatic ? "0s" : input),
  encode: (value) => value,
});

shorthands.set(warmupSettings, { short: z.literal(automatic), full: length });
