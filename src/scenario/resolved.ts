import * as z from "zod";
import { stringify } from "yaml";
import { type Scenario, scenarioSchema } from "./schema.ts";

/** The scenario as YAML with every default written out, in units; it decodes again to the same scenario. */
export function resolvedYaml(scenario: Scenario): string {
  return stringify(z.encode(scenarioSchema, scenario), { lineWidth: 0, aliasDuplicateObjects: false });
}
