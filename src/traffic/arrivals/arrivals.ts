import * as z from "zod";
import { factor, issue, rate, settings } from "../../base/settings.ts";

/** When the requests of one class arrive, in order; token counts are 0 where the process does not know them. */
export interface Arrivals {
  time: number;
  inputTokens: number;
  outputTokens: number;
  /** Moves on to the next arrival; false when there is none. */
  advance(): boolean;
}

export const arrivalSettings = settings({
  trace: z.string().min(1).optional().describe("CSV of time,input,output or with Azure's columns, relative to this file"),
  map: z.string().optional().describe("names of a CSV's columns, such as time=ts,input=prompt_tokens,output=completion_tokens,timeUnit=ms"),
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
});

export type ArrivalSettings = z.infer<typeof arrivalSettings>;

/** Under which a trace is kept: one file read with other columns is another trace. */
export function traceKey({ trace, map }: Pick<ArrivalSettings, "trace" | "map">): string | undefined {
  return trace === undefined || map === undefined ? trace : `${trace} (${map})`;
}
