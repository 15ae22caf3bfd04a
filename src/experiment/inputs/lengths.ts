import type { Scenario } from "../../scenario/schema.ts";
import { changed } from "./chosen.ts";

/** Prompts and answers so many times as long, of all classes unless given; what is not given stays. Factors are above 0. */
export function scaledLengths(scenario: Scenario, factors: { input?: number; output?: number }, classes?: readonly string[]): Scenario {
  const { input = 1, output = 1 } = factors;
  const traffic = changed(scenario.traffic, classes, (one) => {
    return { ...one, inputScale: one.inputScale * input, outputScale: one.outputScale * output };
  });
  return { ...scenario, traffic };
}
