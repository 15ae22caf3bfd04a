import { openModels } from "../../src/cli/catalogue.ts";
import type { Plan } from "../../src/experiment/plan.ts";
import type { Scenario } from "../../src/scenario/schema.ts";
import { decodeScenario } from "../../src/scenario/document/decode.ts";

/** Decodes a scenario written in a test. */
export function scenarioOf(text: string, assignments: Readonly<Record<string, string>> = {}): Scenario {
  return planOf(text, assignments).decoded.scenario;
}

export function planOf(text: string, assignments: Readonly<Record<string, string>> = {}, name = "base"): Plan {
  const list = Object.entries(assignments).map(([path, value]) => ({ path, value, flag: "--set" }));
  return {
    name,
    values: [],
    decoded: decodeScenario({ file: "test.yaml", text, assignments: list, catalogue: openModels(), resolveFile: (path) => path }),
  };
}
