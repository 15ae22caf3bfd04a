import { mapValues } from "../../base/records.ts";
import type { Scenario } from "../../scenario/schema.ts";

/**
 * The scenario with a multiple of its traffic: more arrivals, in closed loops more clients, rounded to a whole number.
 * @param factor above 0
 * @param classes whose traffic it is; all of them unless given
 */
export function scaledTraffic(scenario: Scenario, factor: number, classes: readonly string[] = Object.keys(scenario.traffic)): Scenario {
  const traffic = mapValues(scenario.traffic, (one, name) => {
    if (!classes.includes(name)) return one;
    return { ...one, arrivals: { ...one.arrivals, rateScale: one.arrivals.rateScale * factor } };
  });
  return { ...scenario, traffic };
}
