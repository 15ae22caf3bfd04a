import { decodeScenario } from "../../src/scenario/document/decode.ts";
import { resolvedYaml } from "../../src/scenario/resolved.ts";
import type { Scenario } from "../../src/scenario/schema.ts";
import { catalogue } from "../scenario/example.ts";

/**
 * The scenario written out and read again, so that what code has changed is known to be what a user might write. A number that no text
 * of so many digits tells exactly may differ in its last.
 * @throws PlanError when it is not allowed
 */
export function reread(scenario: Scenario): Scenario {
  const text = resolvedYaml(scenario);
  return decodeScenario({ file: "changed.yaml", text, catalogue, resolveFile: (path) => path }).scenario;
}
