import type * as z from "zod";
import { factor, issue, settings } from "../base/settings.ts";
import { exp, log } from "../kernel/elementary.ts";
import { normalQuantile } from "../kernel/normal.ts";

const quantiles = { p5: 0.05, p10: 0.1, p25: 0.25, p50: 0.5, p75: 0.75, p90: 0.9, p95: 0.95, p99: 0.99 } as const;

const multiple = (of: string) =>
  factor({ above: 0, max: 1000 }).optional().describe(`multiple of the traffic that demand stays below in ${of} of all futures`);

/** How much traffic comes is not known: a log-normal multiple of what the classes say, through two of its quantiles. */
export const demandSettings = settings({
  p5: multiple("5 %"),
  p10: multiple("10 %"),
  p25: multiple("25 %"),
  p50: multiple("50 %"),
  p75: multiple("75 %"),
  p90: multiple("90 %"),
  p95: multiple("95 %"),
  p99: multiple("99 %"),
}).superRefine((value, context) => {
  const given = givenOf(value);
  const hint = "{ p50: 1, p90: 1.4 }";
  if (given.length !== 2) {
    issue(context, "contradiction", `needs two quantiles, found ${given.map(([name]) => name).join(", ") || "none"}`, { hint });
  } else if (given[0][1] >= given[1][1]) {
    issue(context, "contradiction", `${given[1][0]} is not above ${given[0][0]}`, { path: [given[1][0]], hint });
  }
});

type Demand = z.infer<typeof demandSettings>;

function givenOf(demand: Demand): (readonly [keyof typeof quantiles, number])[] {
  const names = Object.keys(quantiles) as (keyof typeof quantiles)[];
  return names.flatMap((name) => (demand[name] === undefined ? [] : [[name, demand[name]] as const]));
}

/** The multiple of the traffic that demand stays below with this probability. @param probability in (0, 1) */
export function quantileOfDemand(demand: Demand, probability: number): number {
  const [low, high] = givenOf(demand).map(([name, value]) => ({ z: normalQuantile(quantiles[name]), logarithm: log(value) }));
  const slope = (high.logarithm - low.logarithm) / (high.z - low.z);
  return exp(low.logarithm + slope * (normalQuantile(probability) - low.z));
}
