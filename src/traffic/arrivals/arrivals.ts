import * as z from "zod";
import { count, factor, issue, rate, settings } from "../../base/settings.ts";

/** When the requests of one class arrive, in order; token counts are 0 where the process does not know them. */
export interface Arrivals {
  time: number;
  inputTokens: number;
  outputTokens: number;
  /** The chain of `Prefixes` that the prompt begins with; `none` where the process does not know it. */
  prefix: number;
  /** Moves on to the next arrival; false when there is none. */
  advance(): boolean;
}

export const arrivalSettings = settings({
  trace: z.string().min(1).optional().describe("CSV or JSON lines of time,input,output or with known columns, relative to this file"),
  map: z
    .string()
    .optional()
    .describe("names of a trace's columns, such as time=ts,input=prompt_tokens,output=completion_tokens,timeUnit=ms"),
  hashBlock: count({ min: 1, max: 1e6, whole: true })
    .optional()
    .describe(
      "tokens that each of the trace's hash_ids stands for, for prefix caches; they are not read unless given. In what rateScale adds, and " +
        "in another class of the same trace, hashes of several rows stay the same and those of one row are new",
    ),
  rate: rate().optional().describe("mean arrivals per second"),
  cv: factor({ min: 0, max: 100 })
    .optional()
    .describe("coefficient of variation of the gaps (default 1, Poisson); above 1 they come in bursts"),
  rateScale: factor({ above: 0, max: 10_000 }).prefault(1).describe("multiple of the traffic"),
}).superRefine((value, context) => {
  if ((value.trace === undefined) === (value.rate === undefined)) {
    issue(context, "contradiction", "needs either trace or rate", { hint: "{ trace: day.csv, rateScale: 1.5 } or { rate: 12/s, cv: 2 }" });
  }
  if (value.trace !== undefined && value.cv !== undefined)
    issue(context, "contradiction", "cv goes with rate, not with trace", { path: ["cv"] });
  if (value.trace === undefined && value.map !== undefined) issue(context, "contradiction", "map goes with trace", { path: ["map"] });
  if (value.trace === undefined && value.hashBlock !== undefined) {
    issue(context, "contradiction", "hashBlock goes with trace", { path: ["hashBlock"] });
  }
});

export type ArrivalSettings = z.infer<typeof arrivalSettings>;

/** Under which a trace is kept: one file read with other columns is another trace. */
export function traceKey({ trace, map, hashBlock }: Pick<ArrivalSettings, "trace" | "map" | "hashBlock">): string | undefined {
  if (trace === undefined || (map === undefined && hashBlock === undefined)) return trace;
  const read = [map, hashBlock === undefined ? undefined : `hashBlock ${hashBlock}`].filter((part) => part !== undefined);
  return `${trace} (${read.join("; ")})`;
}
