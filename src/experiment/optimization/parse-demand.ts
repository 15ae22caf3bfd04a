import { PlanError } from "../../base/plan-error.ts";
import { quantileOfDemand } from "../../scenario/demand-settings.ts";
import type { Scenario } from "../../scenario/schema.ts";
import type { DemandCase } from "./demand-case.ts";

/**
 * Reads `p50,p90` (quantiles of the scenario's demand), `1,1.5` (multiples of its traffic) or `a.csv,b.csv` (traces in place of that
 * of its one class that has one). Hardest first: by multiple, traces as they are given.
 * @throws PlanError for a quantile without a demand, a multiple that is none, and a trace with nothing to take the place of
 */
export function parseDemand(text: string, scenario: Scenario): DemandCase[] {
  const items = text.split(",").map((item) => item.trim());
  if (items.some((item) => item === "")) throw wrong(text, "has an empty case", "p50,p90 or 1,1.5 or monday.csv,friday.csv");
  if (new Set(items).size < items.length) throw wrong(text, "names a case twice");
  const cases = items.map((item) => caseOf(item, scenario));
  const multiples = cases.filter(({ assignments }) => assignments.length === 0).map(({ factor }) => factor);
  if (new Set(multiples).size < multiples.length) throw wrong(text, "has the same multiple of the traffic twice");
  return cases.toSorted((a, b) => b.factor - a.factor);
}

function caseOf(item: string, scenario: Scenario): DemandCase {
  const quantile = /^p(\d+(?:\.\d+)?)$/i.exec(item);
  if (quantile !== null) return { name: item, factor: quantileFactor(item, Number(quantile[1]) / 100, scenario), assignments: [] };
  const factor = Number(item);
  if (Number.isNaN(factor)) return { name: item, factor: 1, assignments: [traceAssignment(item, scenario)] };
  if (factor > 0 && factor <= 1000) return { name: item, factor, assignments: [] };
  throw wrong(item, "must be a multiple of the traffic", "above 0, up to 1000");
}

function quantileFactor(item: string, probability: number, { demand }: Scenario): number {
  if (demand === undefined) {
    throw wrong(item, "needs the scenario's demand", "add demand: { p50: 1, p90: 1.4 } to the scenario, or give multiples such as 1,1.4");
  }
  if (!(probability > 0 && probability < 1)) throw wrong(item, "must be a quantile", "above p0 and below p100, such as p90");
  return quantileOfDemand(demand, probability);
}

function traceAssignment(trace: string, { traffic }: Scenario) {
  const traced = Object.keys(traffic).filter((name) => traffic[name].arrivals.trace !== undefined);
  if (traced.length === 1) return { path: `traffic.${traced[0]}.arrivals.trace`, value: trace, flag: "--demand" };
  const found = traced.length === 0 ? "no class has a trace" : `${traced.join(" and ")} have one`;
  throw wrong(trace, `takes the place of the trace of one class, but ${found}`, "p50,p90 or multiples such as 1,1.5 scale all classes");
}

function wrong(value: string, message: string, hint?: string): PlanError {
  return new PlanError({ code: "bad-flag", path: "--demand", message, value, hint });
}
