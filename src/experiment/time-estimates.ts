import { type Cause, causes } from "../traffic/cause.ts";
import type { ClassResult } from "./class-result.ts";
import { estimate, estimateAll } from "./estimate.ts";
import { ratio } from "./ratios.ts";
import type { Estimate } from "./result.ts";
import type { TimeSummary } from "./time-tally.ts";

/** @param replications of one class, with how many requests were offered in each */
export function timeResult(
  replications: readonly { readonly time: TimeSummary; readonly offered: number }[],
): Pick<ClassResult, "lateRequests" | "lateTime_s" | "time_s"> {
  return {
    lateRequests: estimate(replications.map(({ time }) => time.lateRequests)),
    lateTime_s: meansOf(replications.map(({ time }) => ({ seconds: time.lateSeconds, requests: time.lateRequests }))),
    time_s: meansOf(replications.map(({ time, offered }) => ({ seconds: time.seconds, requests: offered }))),
  };
}

/** Mean seconds of a request, of the causes that took any. */
function meansOf(
  replications: readonly { readonly seconds: Readonly<Record<Cause, number>>; readonly requests: number }[],
): Partial<Record<Cause, Estimate>> {
  const met = causes.filter((cause) => replications.some(({ seconds }) => seconds[cause] > 0));
  return Object.fromEntries(
    met.map((cause) => [cause, estimateAll(replications.map(({ seconds, requests }) => ratio(seconds[cause], requests)))!]),
  );
}
