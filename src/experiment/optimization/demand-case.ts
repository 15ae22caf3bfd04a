import type { Assignment } from "../../scenario/document/assignments.ts";
import type { DecodedScenario } from "../../scenario/document/decode.ts";
import { scaledTraffic } from "../inputs/traffic.ts";

/** What may arrive: so many times the scenario's traffic, or another trace in its place. */
export interface DemandCase {
  /** As the user wrote it: "p90", "1.5", "peak.csv". */
  readonly name: string;
  /** Multiple of the traffic. */
  readonly factor: number;
  readonly assignments: readonly Assignment[];
}

/** The traffic as the scenario has it. */
export const asWritten: DemandCase = { name: "", factor: 1, assignments: [] };

export function withDemand(decoded: DecodedScenario, { factor }: DemandCase): DecodedScenario {
  return factor === 1 ? decoded : { ...decoded, scenario: scaledTraffic(decoded.scenario, factor) };
}

/** Words for a case by its name: "1.5 times the traffic", "the p90 of demand", "trace peak.csv". */
export function caseWords(name: string): string {
  if (/^p\d/i.test(name)) return `the ${name.toLowerCase()} of demand`;
  if (name === "1") return "the traffic as it is";
  return Number.isNaN(Number(name)) ? `trace ${name}` : `${name} times the traffic`;
}
