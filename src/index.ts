/**
 * Headroom as a library. Everything here also runs in a browser: files are read by the caller, who hands over text and traces.
 *
 *     decodeScenario  → a frozen Scenario                 simulate, compare, sweep, capacity, forecast → a Result
 *     withDerivedEngines → a catalogue with an engine for every model and GPU
 *     settle → plans with the warm-up and the replications found that they left open
 *     inlineRunner    → runs replications in this thread  runReplication           → one replication in numbers
 */
export { PlanError, type PlanErrorDetails } from "./base/plan-error.ts";
export { distinct, grid, parseAxis } from "./experiment/axes.ts";
export type { Context } from "./experiment/assemble.ts";
export { capacity } from "./experiment/capacity.ts";
export { compare } from "./experiment/compare.ts";
export { forecast } from "./experiment/forecast.ts";
export type { Plan } from "./experiment/plan.ts";
export type * from "./experiment/result.ts";
export { runReplication } from "./experiment/run.ts";
export { inlineRunner, type Runner, type Traces } from "./experiment/runner.ts";
export { settle } from "./experiment/settled.ts";
export { simulate } from "./experiment/simulate.ts";
export { sweep } from "./experiment/sweep.ts";
export type { Assignment } from "./scenario/document/assignments.ts";
export { type DecodedScenario, decodeScenario } from "./scenario/document/decode.ts";
export type { Catalogue } from "./scenario/document/profiles.ts";
export { withDerivedEngines } from "./scenario/engines/derived-engines.ts";
export { requireReadablePrompts } from "./scenario/prompts.ts";
export type { Scenario } from "./scenario/schema.ts";
export { traceKey } from "./traffic/arrivals/arrivals.ts";
export type { Trace } from "./traffic/trace.ts";
