import type { Scenario } from "../../scenario/schema.ts";
import { changed } from "./chosen.ts";

/** So many times the traffic of the classes, all of them unless given: requests in the same pattern, or clients of a closed loop. @param factor above 0 */
export function scaledTraffic(scenario: Scenario, factor: number, classes?: readonly string[]): Scenario {
  const traffic = changed(scenario.traffic, classes, (one) => {
    const { rateScale, closedLoop } = one.arrivals;
    // A closed loop keeps one client at least.
    const least = closedLoop === undefined ? 0 : 1 / closedLoop.clients;
    return { ...one, arrivals: { ...one.arrivals, rateScale: Math.max(least, rateScale * factor) } };
  });
  return { ...scenario, traffic };
}
