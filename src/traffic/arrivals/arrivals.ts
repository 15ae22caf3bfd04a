import * as z from "zod";
import { count, duration, factor, issue, rate, settings } from "../../base/settings.ts";
import { checkClosedLoop, closedLoopSettings } from "./closed-loop.ts";
import { checkProfile, profileSettings } from "./profile.ts";
import { spikesSettings } from "./spikes.ts";

/** When the requests of one class arrive, in order; token counts are 0 where the process does not know them. */
export interface Arrivals {
  time: number;
  inputTokens: number;
  outputTokens: number;
  /** The chain of `Prefixes` that the prompt begins with; `none` where the process does not know it. */
  prefix: number;
  /** The row of the trace; `none` where there is no trace. */
  row: number;
  /** Moves on to the next arrival; false when there is none. */
  advance(): boolean;
}

/** What says when requests come; exactly one of them is given. */
const kinds = ["trace", "rate", "profile", "closedLoop"] as const;

/** What else may be said of some kinds and not of others. */
const companions = [
  ["map", ["trace"]],
  ["hashBlock", ["trace"]],
  ["cv", ["rate", "profile"]],
  ["repeat", ["profile"]],
  ["spikes", ["trace", "rate", "profile"]],
] as const;

export const arrivalSettings = settings({
  trace: z.string().min(1).optional().describe("CSV or JSON lines of time,input,output or with known columns, relative to this file"),
  map: z
    .string()
    .optional()
    .describe("names of a trace's columns, such as time=ts,input=prompt_tokens,output=completion_tokens,timeUnit=ms"),
  hashBlock: count({ min: 1, max: 1e6, whole: true })
    .optional()
    .describe(
      "tokens that each of the trace's hash_ids stands for, for prefix caches; they are not read unless given. In what rateScale adds, " +
        "and in another class of the same trace, hashes of several rows stay the same and those of one row are new",
    ),
  rate: rate().optional().describe("mean arrivals per second"),
  profile: profileSettings
    .optional()
    .describe("mean arrivals per second by time, such as [[0h, 2/s], [9h, 30/s]]; each rate holds until the next"),
  repeat: duration({ min: 0.001 }).optional().describe("the profile begins anew after so long; its last rate holds for ever unless given"),
  cv: factor({ min: 0, max: 100 })
    .optional()
    .describe(
      "coefficient of variation of the gaps (default 1, Poisson); above 1 they come in bursts. Where the rate changes, of the gaps as " +
        "they would be without that",
    ),
  spikes: spikesSettings.optional().describe("times of more traffic, or of less, such as [{ at: 14h, lasts: 10m, factor: 6 }]"),
  closedLoop: closedLoopSettings.optional().describe("clients that each wait for an answer before they send their next request"),
  rateScale: factor({ above: 0, max: 10_000 })
    .prefault(1)
    .describe("multiple of the traffic; in a closed loop of the clients, rounded to a whole number"),
}).superRefine((value, context) => {
  const given = kinds.filter((kind) => value[kind] !== undefined);
  if (given.length !== 1) {
    issue(context, "contradiction", `needs exactly one of ${listed(kinds, "and")}, found ${given.join(" and ") || "none"}`, {
      hint: "{ trace: day.csv, rateScale: 1.5 } or { rate: 12/s, cv: 2 }",
    });
  }
  for (const [key, partners] of companions) {
    if (value[key] === undefined || given.length !== 1 || partners.some((partner) => partner === given[0])) continue;
    issue(context, "contradiction", `${key} goes with ${listed(partners, "or")}, not with ${given[0]}`, {
      path: [key],
      hint: "leave it out",
    });
  }
  if (value.profile !== undefined) checkProfile(value.profile, value.repeat, context);
  if (value.closedLoop !== undefined) checkClosedLoop(value.closedLoop, value.rateScale, context);
});

function listed(names: readonly string[], conjunction: "and" | "or"): string {
  return names.length === 1 ? names[0] : `${names.slice(0, -1).join(", ")} ${conjunction} ${names.at(-1)}`;
}

export type ArrivalSettings = z.infer<typeof arrivalSettings>;

/** Under which a trace is kept: one file read with other columns is another trace. */
export function traceKey({ trace, map, hashBlock }: Pick<ArrivalSettings, "trace" | "map" | "hashBlock">): string | undefined {
  if (trace === undefined || (map === undefined && hashBlock === undefined)) return trace;
  const read = [map, hashBlock === undefined ? undefined : `hashBlock ${hashBlock}`].filter((part) => part !== undefined);
  return `${trace} (${read.join("; ")})`;
}
